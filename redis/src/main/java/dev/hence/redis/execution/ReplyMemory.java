package dev.hence.redis.execution;

import dev.hence.engine.storage.LargeRows;
import dev.hence.engine.storage.NoRoomException;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.memory.MemoryHolder;
import dev.hence.redis.connection.RedisError;
import java.util.function.Supplier;

/**
 * The memory of the replies of one connection, from their creation until they are sent. Up to
 * {@link MemoryBudget#SMALL_BYTES} are free; more is claimed from the budget that all connections share.
 *
 * <p>The size of a reply is known only once it exists. A reply that finds no room is dropped, and produced again when
 * there is.
 *
 * <p>Thread-safe: replies are produced by the connection's own thread, and by the writer's while the connection
 * waits for it.
 */
public final class ReplyMemory {

    private final MemoryHolder memory;
    private long bytes;
    private long claimedBytes;
    // The rows of the current command that are in memory: all that it has read, unless it drops each.
    private long rowBytes;
    private boolean dropsRows;

    public ReplyMemory(MemoryHolder memory) {
        this.memory = memory;
    }

    /**
     * Counts a reply that was just produced; returns false, and counts nothing, if there is no room for it. Does not
     * block.
     */
    synchronized boolean tryAdd(long replyBytes) {
        rowBytes = 0;
        long sum = bytes + replyBytes;
        long missing = sum - MemoryBudget.SMALL_BYTES - claimedBytes;
        if (missing > 0) {
            if (!memory.tryTake(missing)) {
                return false;
            }
            claimedBytes += missing;
        }
        bytes = sum;
        return true;
    }

    /** Runs reads that claim the memory of large rows before reading them. */
    <R> R reading(Supplier<R> reads) {
        return ScopedValue.where(LargeRows.BUYER, this::claimRow).call(reads::get);
    }

    /**
     * Begins a command within {@link #reading}.
     *
     * @param dropping whether it drops each row before it reads the next; otherwise its reply may consist of them
     */
    synchronized void begin(boolean dropping) {
        dropsRows = dropping;
    }

    private synchronized void claimRow(long more) {
        rowBytes = dropsRows ? Math.max(rowBytes, more) : rowBytes + more;
        long missing = bytes + rowBytes - MemoryBudget.SMALL_BYTES - claimedBytes;
        if (missing > 0) {
            if (!memory.tryTake(missing)) {
                long wantedBytes = rowBytes;
                rowBytes = 0;
                throw new NoRoomException(wantedBytes);
            }
            claimedBytes += missing;
        }
    }

    /** Blocks until there is room for a reply of this size; returns false if there was none in time. */
    boolean awaitRoom(long replyBytes) throws InterruptedException {
        release();
        long missing = replyBytes - MemoryBudget.SMALL_BYTES;
        boolean taken = memory.take(missing, MemoryBudget.WAIT_MAX);
        if (taken && missing > 0) {
            claimed(missing);
        }
        return taken;
    }

    private synchronized void claimed(long more) {
        claimedBytes += more;
    }

    /** The size of the replies, for {@link #dropSince}. */
    synchronized long mark() {
        return bytes;
    }

    /** Drops the replies that were counted since a mark: they are produced again. What was claimed stays claimed. */
    synchronized void dropSince(long mark) {
        bytes = mark;
        rowBytes = 0;
    }

    /** Releases the memory once all replies are sent. */
    synchronized void release() {
        memory.giveBack(claimedBytes);
        claimedBytes = 0;
        bytes = 0;
        rowBytes = 0;
    }

    /** The error for a reply of a size that there is no memory for; nothing happened. */
    synchronized RedisError refusal(long replyBytes) {
        long besidesBytes = memory.heldBytes() - claimedBytes;
        if (besidesBytes > 0 && replyBytes - MemoryBudget.SMALL_BYTES > memory.bytesMax() - besidesBytes) {
            return new RedisError("OOM reply: " + replyBytes + " bytes, beside a request of " + besidesBytes
                    + " (expected: at most " + memory.bytesMax()
                    + " together, a quarter of the heap; ask for less at a time, or give the node more by -Xmx)");
        }
        return new RedisError(
                replyBytes - MemoryBudget.SMALL_BYTES > memory.bytesMax()
                        ? "OOM reply: " + replyBytes + " bytes (expected: at most " + memory.bytesMax()
                                + ", a quarter of the heap; ask for less at a time, or give the node more by -Xmx)"
                        : "OOM reply: no memory for it (expected: large requests and replies of at most "
                                + memory.bytesMax() + " bytes at a time; try again later)");
    }
}
