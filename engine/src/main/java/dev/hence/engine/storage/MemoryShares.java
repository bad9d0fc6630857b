package dev.hence.engine.storage;

/**
 * How much memory each part of a storage may take. All of it follows from the size of the heap, so that one number is
 * chosen for a node.
 *
 * @param rowBytes rows in memory: those that were used last, and all that are not in the database yet; the order of
 *     collections
 * @param dirtyBytes changed rows of this size are to be written to the database: a walk that must wait for it waits some
 *     30 ms
 * @param tailBytes the newest frames of the log
 * @param blockBytes blocks of the database's files; not on the heap
 * @param memtableBytes rows of one family that the database has not written to files yet; not on the heap
 */
public record MemoryShares(long rowBytes, long dirtyBytes, long tailBytes, long blockBytes, long memtableBytes) {

    /** What a node needs of the heap besides rows, whatever its size. */
    private static final long HEAP_BASE_BYTES = 64L << 20;

    private static final long MIB = 1L << 20;

    /** The shares for this process. */
    public static final MemoryShares OF_THE_PROCESS =
            ofHeap(Runtime.getRuntime().maxMemory());

    /** The shares for a heap of this size. */
    static MemoryShares ofHeap(long heapBytes) {
        // The index, and pages that are being cleaned, take another third.
        long rowBytes = Math.max(heapBytes / 8, (heapBytes - HEAP_BASE_BYTES) / 5 * 2);
        return new MemoryShares(
                rowBytes,
                Math.min(4 * MIB, heapBytes / 128),
                // So short that frames are gone before the collector would move them to the old generation. Followers
                // that are further behind are served from files, which the system has in memory.
                Math.min(MIB, heapBytes / 64),
                Math.clamp(heapBytes / 12, 8 * MIB, 128 * MIB),
                Math.clamp(heapBytes / 64, 4 * MIB, 32 * MIB));
    }

    /** The names of collections in their order; taken from the rows in memory. */
    long nameBytes() {
        return rowBytes / 4;
    }

    /** The size of changed rows at which the writer waits until they are written. */
    long dirtyBytesMax() {
        return 4 * dirtyBytes;
    }
}
