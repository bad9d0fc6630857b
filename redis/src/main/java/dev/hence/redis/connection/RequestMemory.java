package dev.hence.redis.connection;

import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.memory.MemoryHolder;

/**
 * The memory of one connection's requests, from the arrival of their bytes until they are answered. Up to
 * {@link #FREE_BYTES} are free; more is claimed from the budget that all connections share.
 *
 * <p><b>Invariant.</b> The memory held is at most the free and the claimed memory together, except for a request that
 * is larger than the whole budget: that one claims all of it.
 *
 * <p>Not thread-safe.
 */
final class RequestMemory {

    /** What a connection may hold without claiming it. */
    static final int FREE_BYTES = 256 << 10;

    // Low enough that a pipeline of small requests never has to claim memory.
    private static final int MUCH_BYTES = 160 << 10;
    private static final int CLAIM_BYTES = 256 << 10;

    private final MemoryHolder memory;
    private long heldBytes;
    private long claimedBytes;
    // The last request for memory that failed.
    private long wantedBytes;

    RequestMemory(MemoryHolder memory) {
        this.memory = memory;
    }

    /** Whether enough is held that requests should be answered before more is read. */
    boolean isMuch() {
        return heldBytes > MUCH_BYTES;
    }

    /** Counts an allocation that is small enough to fit within the free memory. */
    void holdFree(long bytes) {
        heldBytes += bytes;
    }

    /** Claims memory for this many more bytes. If there is not enough, returns false and only records the demand. */
    boolean hold(long bytes) {
        long claim = claim(bytes);
        if (claim > 0) {
            if (!memory.tryTake(claim)) {
                wantedBytes = bytes;
                return false;
            }
            claimedBytes += claim;
        }
        heldBytes += bytes;
        // It may have been asked for again, by another thread.
        wantedBytes = 0;
        return true;
    }

    /**
     * The bytes to claim from the budget for this many more bytes. A request larger than the whole budget claims all of
     * it.
     */
    private long claim(long bytes) {
        long missing = heldBytes + bytes - FREE_BYTES - claimedBytes;
        return missing <= 0 ? 0 : Math.min(Math.max(missing, CLAIM_BYTES), memory.bytesMax() - claimedBytes);
    }

    /** Whether a request for memory failed. */
    boolean isWanted() {
        return wantedBytes > 0;
    }

    /**
     * Blocks until the memory that was not available is.
     *
     * @throws ProtocolException if it does not become available in time
     */
    void await() throws ProtocolException, InterruptedException {
        long claim = claim(wantedBytes);
        wantedBytes = 0;
        if (claim > 0) {
            if (!memory.take(claim, MemoryBudget.WAIT_MAX)) {
                throw ProtocolException.outOfMemory(memory.bytesMax());
            }
            claimedBytes += claim;
        }
    }

    /** Sets the memory held; releases the claim if the free memory suffices. */
    void holds(long bytes) {
        heldBytes = bytes;
        if (claimedBytes > 0 && heldBytes <= FREE_BYTES) {
            memory.giveBack(claimedBytes);
            claimedBytes = 0;
        }
    }
}
