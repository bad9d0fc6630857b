package dev.hence.redis.connection;

import org.jspecify.annotations.Nullable;

/** Ends a command that waits because its client has gone, or the connection ends: nobody is there to be answered. */
public final class ClientGoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ClientGoneException() {
        this(null);
    }

    /** @param cause how it showed; null if by the end of the connection */
    public ClientGoneException(@Nullable Throwable cause) {
        super("the client has gone", cause);
    }
}
