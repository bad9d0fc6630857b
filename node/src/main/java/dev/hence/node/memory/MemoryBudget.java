package dev.hence.node.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The memory that large requests, replies and feeds of all connections together may take: from the arrival of a request
 * until it is answered, and until the client has read its reply. Small ones (up to {@link #SMALL_BYTES} per connection)
 * do not count and never wait: the number of connections bounds them.
 *
 * <p><b>Invariant.</b> {@code heldBytes} is the sum of what all holders hold, and {@code 0 <= heldBytes <= bytesMax}. A
 * holder releases everything when it is closed, however its request ended.
 *
 * <p><b>Fairness.</b> Waiting callers are served in order of arrival and are never overtaken, so a large claim is not
 * starved by smaller ones. A feed that leaves to send its reader a keep-alive returns to its place. The exception are
 * holders that have memory already and need more: they precede those that have none, because their memory is released
 * only when they are done. While a caller waits, a holder whose client has read or sent less than
 * {@link #PROGRESS_BYTES} for {@link #STALL_MAX} has its connection ended, as Redis does with a client beyond its
 * output buffer limit: a client that does not read cannot block the others.
 *
 * <p><b>Progress.</b> If all holders of memory wait for more, and there is not enough for the first of them, none would
 * ever release anything. Then the last of them is rejected at once, and so on until the first gets its memory. That
 * happens at the latest when it is the only one left, because no claim waits that exceeds the whole budget together
 * with what its holder has.
 *
 * <p>Thread-safe.
 */
public final class MemoryBudget {

    /** What one connection may hold without a claim. */
    public static final int SMALL_BYTES = 64 << 10;

    /** How long a request or a reply waits for memory before it is rejected. */
    public static final Duration WAIT_MAX = Duration.ofSeconds(15);

    /** How long a client may hold memory without progress while others wait. */
    static final Duration STALL_MAX = Duration.ofSeconds(5);

    /** The number of bytes that counts as progress. */
    static final int PROGRESS_BYTES = 64 << 10;

    /** The heap divisor; the rest is for the storage's rows, updates for followers, and commits. */
    private static final int HEAP_PART = 4;

    private static final int PEERS_HEAP_PART = 16;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final long bytesMax;
    private final long stallNanosMax;
    private final ReentrantLock lock = new ReentrantLock();
    // Callers that hold memory come first.
    private final List<Waiter> waiting = new ArrayList<>();
    private final Set<MemoryHolder> holders = new HashSet<>();
    private final AtomicLong places = new AtomicLong();
    private long heldBytes;

    /**
     * A waiting caller; the condition is signalled when it is first and there is room for it, or when it is to be
     * rejected.
     */
    private static final class Waiter {
        private final MemoryHolder holder;
        private final long bytes;
        private final long place;
        private final Condition turn;

        private Waiter(MemoryHolder holder, long bytes, long place, Condition turn) {
            this.holder = holder;
            this.bytes = bytes;
            this.place = place;
            this.turn = turn;
        }
    }

    public MemoryBudget(long bytesMax) {
        this(bytesMax, STALL_MAX);
    }

    MemoryBudget(long bytesMax, Duration stallMax) {
        this.bytesMax = bytesMax;
        this.stallNanosMax = stallMax.toNanos();
    }

    /** The budget of all clients, a share of this process's heap. */
    public static MemoryBudget ofHeap() {
        return new MemoryBudget(Runtime.getRuntime().maxMemory() / HEAP_PART);
    }

    /** The budget of the feeds that peers follow: clients that exhaust theirs do not delay replication. */
    public static MemoryBudget ofPeers() {
        return new MemoryBudget(Runtime.getRuntime().maxMemory() / PEERS_HEAP_PART);
    }

    /** The whole budget. */
    public long bytesMax() {
        return bytesMax;
    }

    /** The bytes held now. */
    public long heldBytes() {
        lock.lock();
        try {
            return heldBytes;
        } finally {
            lock.unlock();
        }
    }

    /** The number of waiting requests and replies. */
    public int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * A new holder of memory for one client.
     *
     * @param cutOff ends the client's connection without blocking; called on any thread, at most once
     */
    public MemoryHolder holder(Runnable cutOff) {
        return new MemoryHolder(this, cutOff);
    }

    /** Takes memory if some is free and no other caller waits for it. */
    boolean tryTake(MemoryHolder holder, long bytes) {
        lock.lock();
        try {
            return isNext(holder) && take(holder, bytes);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes memory, blocking until it is available; returns whether it was in time. It does not wait for more than can
     * ever be available, nor if that would leave every holder waiting.
     */
    boolean take(MemoryHolder holder, long bytes, Duration atMost) throws InterruptedException {
        if (bytes > bytesMax - holder.heldBytes()) {
            return false;
        }
        lock.lockInterruptibly();
        try {
            if (isNext(holder) && take(holder, bytes)) {
                return true;
            }
            return await(holder, bytes, System.nanoTime() + atMost.toNanos());
        } finally {
            lock.unlock();
        }
    }

    private boolean await(MemoryHolder holder, long bytes, long endNanos) throws InterruptedException {
        long place = holder.place() == MemoryHolder.NO_PLACE ? nextPlace() : holder.place();
        Waiter waiter = new Waiter(holder, bytes, place, lock.newCondition());
        waiting.add(holder.heldBytes() > 0 ? waitingHolders() : indexOf(waiter.place), waiter);
        try {
            while (waiting.getFirst() != waiter || !take(holder, bytes)) {
                long nowNanos = System.nanoTime();
                if (nowNanos - endNanos >= 0 || holder.isClosed() || isLastOfDeadlock(waiter)) {
                    return false;
                }
                cutOffStalled(nowNanos);
                waiter.turn.await(Math.min(LOOK_NANOS, endNanos - nowNanos), TimeUnit.NANOSECONDS);
            }
            return true;
        } finally {
            waiting.remove(waiter);
            wakeFirst();
        }
    }

    /** Whether no waiting caller precedes a new one. */
    private boolean isNext(MemoryHolder holder) {
        return waiting.isEmpty() || (holder.heldBytes() > 0 && waitingHolders() == 0);
    }

    /** The place of a caller that arrives now. */
    long nextPlace() {
        return places.incrementAndGet();
    }

    /** The queue position of a caller that holds nothing: behind all that arrived before it. */
    private int indexOf(long place) {
        int at = waitingHolders();
        while (at < waiting.size() && waiting.get(at).place < place) {
            at++;
        }
        return at;
    }

    /** How many waiting callers hold memory; they come first. */
    private int waitingHolders() {
        int count = 0;
        while (count < waiting.size() && waiting.get(count).holder.heldBytes() > 0) {
            count++;
        }
        return count;
    }

    /** Whether all held memory belongs to waiting callers, the first of them cannot continue, and this is the last. */
    private boolean isLastOfDeadlock(Waiter waiter) {
        int count = waitingHolders();
        return count == holders.size()
                && count > 0
                && waiting.get(count - 1) == waiter
                && waiting.getFirst().bytes > bytesMax - heldBytes;
    }

    private boolean take(MemoryHolder holder, long bytes) {
        if (bytes > bytesMax - heldBytes || holder.isClosed()) {
            return false;
        }
        heldBytes += bytes;
        holder.added(bytes);
        holders.add(holder);
        return true;
    }

    /** Without the lock: ending a connection may take time. */
    private void cutOffStalled(long nowNanos) {
        List<MemoryHolder> stalled = holders.stream()
                .filter(holder -> holder.isStalled(nowNanos, stallNanosMax))
                .toList();
        if (!stalled.isEmpty()) {
            lock.unlock();
            try {
                stalled.forEach(MemoryHolder::cutOff);
            } finally {
                lock.lock();
            }
        }
    }

    /** Releases memory: part of what the holder holds, or all of it and permanently. */
    void giveBack(MemoryHolder holder, long bytesAtMost, boolean close) {
        lock.lock();
        try {
            long bytes = Math.min(bytesAtMost, holder.heldBytes());
            heldBytes -= bytes;
            holder.removed(bytes, close);
            if (holder.heldBytes() == 0) {
                holders.remove(holder);
            }
            if (heldBytes < 0 || heldBytes > bytesMax) {
                throw new AssertionError(
                        "memory budget: " + heldBytes + " bytes held (expected: 0 to " + bytesMax + ")");
            }
            wakeFirst();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the waiting callers that may be able to continue now: the first to proceed, or the last to be rejected. */
    private void wakeFirst() {
        if (waiting.isEmpty()) {
            return;
        }
        Waiter first = waiting.getFirst();
        if (first.bytes <= bytesMax - heldBytes) {
            first.turn.signal();
        } else if (waitingHolders() == holders.size() && !holders.isEmpty()) {
            waiting.get(holders.size() - 1).turn.signal();
        }
    }
}
