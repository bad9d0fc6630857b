package dev.hence.engine.storage;

/**
 * Ends a read or a transaction because there is currently no memory for its result. Nothing has happened; it can be run
 * again once this much memory has been taken.
 */
public final class NoRoomException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long wantedBytes;

    public NoRoomException(long wantedBytes) {
        super("no memory for " + wantedBytes + " bytes", null, false, false);
        this.wantedBytes = wantedBytes;
    }

    /** What is needed to run it. */
    public long wantedBytes() {
        return wantedBytes;
    }
}
