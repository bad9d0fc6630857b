package dev.hence.node.config;

/**
 * The limits of a node; none of them is ever "unlimited".
 *
 * @param keyBytesMax maximum size of a key, in bytes
 * @param valueBytesMax maximum size of a value, in bytes
 * @param bodyBytesMax maximum size of a request body, in bytes
 * @param headerBytesMax maximum size of a request line with headers, in bytes; the default has room for the longest
 *     key, percent-encoded, and a session token
 * @param updateBytesMax maximum size of one update, in bytes: keys, values, and 32 for each change
 * @param connectionsMax maximum number of client and peer connections
 * @param bufferUpdatesMax maximum number of updates of one origin that are held while they wait for others
 * @param bufferBytesMax maximum size of these updates, in bytes
 * @param diskFreeBytesMin free space of the data directory's disk below which writes are rejected
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

    /** The limits of a node whose settings specify no others. */
    public static final Limits DEFAULT =
            new Limits(65_535, 8 << 20, 16 << 20, 256 << 10, 16 << 20, 10_000, 4_096, 64L << 20, 64L << 20, 300);

    /** The same limits, with another maximum number of buffered updates per origin. */
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

    /** The same limits, with another minimum of free disk space; 0 disables the check. */
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
