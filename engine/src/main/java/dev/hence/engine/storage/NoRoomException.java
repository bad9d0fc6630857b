package dev.hence.engine.storage;

/**
 * Ends a read or a transaction for whose result there is no memory now. Nothing was changed; it can be run again once
 * that much memory has been claimed.
 */
public final class NoRoomException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long wantedBytes;

    public NoRoomException(long wantedBytes) {
        super("no memory for " + wantedBytes + " bytes", null, false, false);
        this.wantedBytes = wantedBytes;
    }

    /** The memory needed to run it, in bytes. */
    public long wantedBytes() {
        return wantedBytes;
    }
}
