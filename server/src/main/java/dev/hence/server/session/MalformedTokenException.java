package dev.hence.server.session;

/** A session token that this cluster did not give out, or that was damaged on its way. */
public final class MalformedTokenException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedTokenException(String message) {
        super(message);
    }
}
