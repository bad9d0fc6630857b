package dev.hence.node.memory;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The memory that a node holds for one client, out of a {@link MemoryBudget}: one for each connection of the Redis
 * protocol and for each request over HTTP, feeds included.
 *
 * <p>It also keeps how long the node has been waiting for the client, to send the rest of a request or to read the rest
 * of a reply. Time in which the node itself is slow does not count.
 *
 * <p>Thread-safe.
 */
public final class MemoryHolder implements AutoCloseable {

    static final long NO_PLACE = 0;

    private final MemoryBudget budget;
    private final Runnable cutOff;

    // Guarded by the budget's lock; volatile for those who only look.
    private volatile long heldBytes;
    private volatile boolean closed;

    // Of the thread that takes memory.
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

    /** Takes more memory if there is some; does not wait. */
    public boolean tryTake(long bytes) {
        return bytes <= 0 || budget.tryTake(this, bytes);
    }

    /**
     * Takes more memory, and waits for it.
     *
     * @return whether there was enough in time; nothing was taken otherwise
     */
    public boolean take(long bytes, Duration atMost) throws InterruptedException {
        return bytes <= 0 || budget.take(this, bytes, atMost);
    }

    /**
     * The same for one that holds nothing and comes again if there was not enough in time: it then waits before those
     * that came after it first did. Meanwhile it keeps nobody waiting.
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

    /** Where it waits among those that hold nothing, before all with a larger number; 0 if behind those that are there. */
    long place() {
        return place;
    }

    /** Gives part of it back. */
    public void giveBack(long bytes) {
        if (bytes > 0) {
            budget.giveBack(this, bytes, false);
        }
    }

    /** Gives all back, and takes nothing any more. */
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

    /** What it holds. */
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

    /** The node waits for the client from now on, if it did not already. */
    public void awaitsClient() {
        if (!awaitsClient) {
            transferredBytes = 0;
            sinceNanos = System.nanoTime();
            awaitsClient = true;
        }
    }

    /** The client has sent or read something of what the node waits for. */
    public void transferred(long bytes) {
        long sum = transferredBytes + bytes;
        if (sum >= MemoryBudget.PROGRESS_BYTES) {
            sum = 0;
            sinceNanos = System.nanoTime();
        }
        transferredBytes = sum;
    }

    /** The node does not wait for the client any more. */
    public void clientServed() {
        // Called for every command, and hardly ever of use.
        if (awaitsClient) {
            awaitsClient = false;
        }
    }

    /**
     * The node begins to write a part of a reply or a message, on one thread at a time. Kept apart from
     * {@link #awaitsClient}, as another thread may send messages while the connection's own waits for a request.
     */
    public void sends() {
        sendingSinceNanos = System.nanoTime();
        sending = true;
    }

    /** The client has taken what {@link #sends} began to write. */
    public void sent() {
        sending = false;
    }

    boolean isStalled(long nowNanos, long stallNanosMax) {
        return (awaitsClient && nowNanos - sinceNanos > stallNanosMax)
                || (sending && nowNanos - sendingSinceNanos > stallNanosMax);
    }

    /** Every waiting thread finds a stalled one; the first ends it. */
    void cutOff() {
        if (!ending.getAndSet(true)) {
            cutOff.run();
        }
    }
}
