package dev.hence.redis.connection;

import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.memory.MemoryHolder;

/**
 * The memory of one connection's requests, from when their bytes come until they are answered. Up to
 * {@link #FREE_BYTES} are free; more come out of the budget that all connections share.
 *
 * <p><b>Invariant.</b> What is held is at most what is free and what is claimed together, but for a request that is
 * larger than all there is: that claims all.
 *
 * <p>Not thread-safe.
 */
final class RequestMemory {

    /** What a connection may take without asking for it. */
    static final int FREE_BYTES = 256 << 10;

    // So far below the former that a pipeline of small requests never has to ask.
    private static final int MUCH_BYTES = 160 << 10;
    private static final int CLAIM_BYTES = 256 << 10;

    private final MemoryHolder memory;
    private long heldBytes;
    private long claimedBytes;
    // What could not be had.
    private long wantedBytes;

    RequestMemory(MemoryHolder memory) {
        this.memory = memory;
    }

    /** Whether so much is held that requests should be answered before more is read. */
    boolean isMuch() {
        return heldBytes > MUCH_BYTES;
    }

    /** Counts something that is so small that it is within what is free. */
    void holdFree(long bytes) {
        heldBytes += bytes;
    }

    /** Takes memory for so many bytes more; if there is none, nothing is changed but that it is wanted. */
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
        return true;
    }

    /** What to take from the budget for so many bytes more. A request that is larger than all there is takes all. */
    private long claim(long bytes) {
        long missing = heldBytes + bytes - FREE_BYTES - claimedBytes;
        return missing <= 0 ? 0 : Math.min(Math.max(missing, CLAIM_BYTES), memory.bytesMax() - claimedBytes);
    }

    /** Whether something could not be had. */
    boolean isWanted() {
        return wantedBytes > 0;
    }

    /**
     * Waits for the memory that could not be had.
     *
     * @throws ProtocolException if there is none for too long
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

    /** Only so much is held now; what was claimed is given back if that needs no claim. */
    void holds(long bytes) {
        heldBytes = bytes;
        if (claimedBytes > 0 && heldBytes <= FREE_BYTES) {
            memory.giveBack(claimedBytes);
            claimedBytes = 0;
        }
    }
}
