package dev.hence.redis.connection;

import org.jspecify.annotations.Nullable;

/** Ends a command that waits because its client has gone or the connection ends: there is no client to reply to. */
public final class ClientGoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ClientGoneException() {
        this(null);
    }

    /** @param cause how it was detected; null if the connection was ended */
    public ClientGoneException(@Nullable Throwable cause) {
        super("the client has gone", cause);
    }
}
