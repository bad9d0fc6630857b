package dev.hence.node.config;

/**
 * The bounds of a node; none of them is ever "unlimited".
 *
 * @param keyBytesMax the longest key, in bytes
 * @param valueBytesMax the longest value, in bytes
 * @param bodyBytesMax the longest request body, in bytes
 * @param headerBytesMax the longest request line with headers, in bytes; by default there is room for the
 *     longest key, percent-encoded, and a session token
 * @param updateBytesMax keys and values of one update, in bytes, and 32 for each change
 * @param connectionsMax client and peer connections at a time
 * @param bufferUpdatesMax updates of one origin that are held while they wait for others
 * @param bufferBytesMax bytes of these
 * @param diskFreeBytesMin free space of the data directory's disk below which writes are refused
 * @param clockAheadSecondsMax how far the timestamp of a received update may be ahead of this node's wall clock
 */
public record Limits(
        int keyBytesMax,
        int valueBytesMax,
        int bodyBytesMax,
        int headerBytesMax,
        int updateBytesMax,
        int connectionsMax,
        int bufferUpdatesMax,
        long bufferBytesMax,
        long diskFreeBytesMin,
        int clockAheadSecondsMax) {

    /** The limits of a node whose settings name no others. */
    public static final Limits DEFAULT =
            new Limits(65_535, 8 << 20, 16 << 20, 256 << 10, 16 << 20, 10_000, 4_096, 64L << 20, 64L << 20, 300);

    /** The same limits, with room for another number of updates of one origin that wait for others. */
    public Limits withBufferUpdatesMax(int updates) {
        return new Limits(
                keyBytesMax,
                valueBytesMax,
                bodyBytesMax,
                headerBytesMax,
                updateBytesMax,
                connectionsMax,
                updates,
                bufferBytesMax,
                diskFreeBytesMin,
                clockAheadSecondsMax);
    }

    /** The same limits, with another minimum of free disk space; with 0 writes are taken however full the disk is. */
    public Limits withDiskFreeBytesMin(long bytes) {
        return new Limits(
                keyBytesMax,
                valueBytesMax,
                bodyBytesMax,
                headerBytesMax,
                updateBytesMax,
                connectionsMax,
                bufferUpdatesMax,
                bufferBytesMax,
                bytes,
                clockAheadSecondsMax);
    }
}
