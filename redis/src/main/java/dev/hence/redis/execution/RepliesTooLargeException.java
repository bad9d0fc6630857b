package dev.hence.redis.execution;

/** Rejects a transaction whose replies would take too much memory; nothing happened. */
public final class RepliesTooLargeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RepliesTooLargeException(long bytesMax) {
        super("transaction: its replies exceed the limit (expected: at most " + bytesMax + " bytes)");
    }
}
