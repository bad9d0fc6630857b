package dev.hence.http.exchange;

import java.io.IOException;

/** The client has closed its connection or stopped reading from it. */
public final class ClientGoneException extends IOException {

    private static final long serialVersionUID = 1L;

    public ClientGoneException(String message, Throwable cause) {
        super(message, cause);
    }
}
