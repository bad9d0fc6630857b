package dev.hence.core.replica;

/** Rejects a transaction whose update would exceed the size limit; nothing was changed. */
public final class UpdateTooLargeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param bytes a lower bound of its size */
    public UpdateTooLargeException(long bytes, long bytesMax) {
        super("update: " + bytes + " bytes of keys and values, with 32 for each change (expected: at most " + bytesMax
                + ")");
    }
}
