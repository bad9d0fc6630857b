package dev.hence.node.memory;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The memory that a node holds for one client, out of a {@link MemoryBudget}: one per connection of the Redis protocol
 * and per request over HTTP, feeds included.
 *
 * <p>It also tracks how long the node has been waiting for the client to send the rest of a request or to read the rest
 * of a reply. Time in which the node itself is slow does not count.
 *
 * <p>Thread-safe.
 */
public final class MemoryHolder implements AutoCloseable {

    static final long NO_PLACE = 0;

    private final MemoryBudget budget;
    private final Runnable cutOff;

    // Guarded by the budget's lock; volatile for unlocked reads.
    private volatile long heldBytes;
    private volatile boolean closed;

    // Confined to the thread that takes memory.
    private volatile long place = NO_PLACE;

    private final AtomicBoolean ending = new AtomicBoolean();

    private volatile long sinceNanos;
    private volatile boolean awaitsClient;
    private volatile long transferredBytes;

    private volatile long sendingSinceNanos;
    private volatile boolean sending;

    MemoryHolder(MemoryBudget budget, Runnable cutOff) {
        this.budget = budget;
        this.cutOff = cutOff;
    }

    /** Takes more memory if available; does not block. */
    public boolean tryTake(long bytes) {
        return bytes <= 0 || budget.tryTake(this, bytes);
    }

    /**
     * Takes more memory, blocking until it is available.
     *
     * @return whether there was enough in time; otherwise nothing was taken
     */
    public boolean take(long bytes, Duration atMost) throws InterruptedException {
        return bytes <= 0 || budget.take(this, bytes, atMost);
    }

    /**
     * Same as {@link #take}, for a caller that holds nothing and retries after a timeout: it precedes those that
     * arrived after its first attempt. It blocks no other caller between attempts.
     */
    public boolean takeKeepingPlace(long bytes, Duration atMost) throws InterruptedException {
        if (place == NO_PLACE) {
            place = budget.nextPlace();
        }
        boolean taken = take(bytes, atMost);
        if (taken) {
            place = NO_PLACE;
        }
        return taken;
    }

    /**
     * Its place among waiting callers that hold nothing; larger numbers come later, and 0 means behind those already
     * waiting.
     */
    long place() {
        return place;
    }

    /** Releases part of the memory. */
    public void giveBack(long bytes) {
        if (bytes > 0) {
            budget.giveBack(this, bytes, false);
        }
    }

    /** Releases all memory; nothing can be taken afterwards. */
    @Override
    public void close() {
        if (!closed) {
            budget.giveBack(this, Long.MAX_VALUE, true);
        }
    }

    /** The largest amount that can ever be taken. */
    public long bytesMax() {
        return budget.bytesMax();
    }

    /** The bytes held now. */
    public long heldBytes() {
        return heldBytes;
    }

    boolean isClosed() {
        return closed;
    }

    void added(long bytes) {
        long sum = heldBytes + bytes;
        heldBytes = sum;
    }

    void removed(long bytes, boolean close) {
        long rest = heldBytes - bytes;
        heldBytes = rest;
        closed |= close;
    }

    /** Marks the node as waiting for the client from now on, if it is not already. */
    public void awaitsClient() {
        if (!awaitsClient) {
            transferredBytes = 0;
            sinceNanos = System.nanoTime();
            awaitsClient = true;
        }
    }

    /** Records progress: the client has sent or read something that the node waits for. */
    public void transferred(long bytes) {
        long sum = transferredBytes + bytes;
        if (sum >= MemoryBudget.PROGRESS_BYTES) {
            sum = 0;
            sinceNanos = System.nanoTime();
        }
        transferredBytes = sum;
    }

    /** Marks the node as no longer waiting for the client. */
    public void clientServed() {
        // Called for every command, and rarely needed.
        if (awaitsClient) {
            awaitsClient = false;
        }
    }

    /**
     * Marks the start of a write of a part of a reply or a message, on one thread at a time. Separate from
     * {@link #awaitsClient}, because another thread may send messages while the connection's own waits for a request.
     */
    public void sends() {
        sendingSinceNanos = System.nanoTime();
        sending = true;
    }

    /** Marks the end of the write that {@link #sends} began. */
    public void sent() {
        sending = false;
    }

    boolean isStalled(long nowNanos, long stallNanosMax) {
        return (awaitsClient && nowNanos - sinceNanos > stallNanosMax)
                || (sending && nowNanos - sendingSinceNanos > stallNanosMax);
    }

    /** Every waiting thread may find a stalled holder; the first one ends it. */
    void cutOff() {
        if (!ending.getAndSet(true)) {
            cutOff.run();
        }
    }
}
