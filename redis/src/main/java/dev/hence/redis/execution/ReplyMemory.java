package dev.hence.redis.execution;

import dev.hence.engine.storage.LargeRows;
import dev.hence.engine.storage.NoRoomException;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.memory.MemoryHolder;
import dev.hence.redis.connection.RedisError;
import java.util.function.Supplier;

/**
 * The memory of the replies of one connection, from when they are made until they are sent. Up to
 * {@link MemoryBudget#SMALL_BYTES} of them are free; more come out of the budget that all connections share.
 *
 * <p>How large a reply is shows only when it is made. One that finds no room is dropped, and made again when there is.
 *
 * <p>Thread-safe: replies are made by the connection's own thread, and by the writer's while that waits.
 */
public final class ReplyMemory {

    private final MemoryHolder memory;
    private long bytes;
    private long claimedBytes;
    // Of the command that is reading: what is to become its reply.
    private long rowBytes;

    public ReplyMemory(MemoryHolder memory) {
        this.memory = memory;
    }

    /** Counts a reply of a size that was just made; false if there is no room for it, and nothing is counted. Does not wait. */
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

    /** Runs reads that take the memory of large rows before they read them: their replies are made of these. */
    <R> R reading(Supplier<R> reads) {
        return ScopedValue.where(LargeRows.BUYER, this::claimRow).call(reads::get);
    }

    private synchronized void claimRow(long more) {
        rowBytes += more;
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

    /** Makes room for a reply of a size, to be made now; false if there was none for too long. */
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

    /** All replies are sent. */
    synchronized void release() {
        memory.giveBack(claimedBytes);
        claimedBytes = 0;
        bytes = 0;
        rowBytes = 0;
    }

    /** What the client is told of a reply of a size that there is no memory for; nothing happened. */
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
