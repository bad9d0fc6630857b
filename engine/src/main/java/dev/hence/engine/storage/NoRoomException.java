package dev.hence.engine.storage;

/**
 * Ends a read or a transaction for whose result there is no memory now. Nothing has happened; it can be run again when
 * so much memory was taken.
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
