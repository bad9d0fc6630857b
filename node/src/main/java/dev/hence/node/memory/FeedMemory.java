package dev.hence.node.memory;

import dev.hence.engine.storage.LargeRows;
import dev.hence.engine.storage.NoRoomException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one feed has read of the log and not yet sent, as part of a {@link MemoryBudget}. A feed is open for as long as
 * its reader likes, so unlike a request it is never refused: it waits, in its place, and meanwhile tells its reader
 * from time to time that it is there.
 *
 * <p><b>Invariant.</b> Beyond {@link MemoryBudget#SMALL_BYTES}, nothing that was read of the log is kept that is not
 * claimed. A large update is claimed before it is read ({@link LargeRows}). A read that finds no room ends with
 * what it has, or, if that is nothing, is run again when there is room; while it waits, the feed holds nothing.
 *
 * <p><b>Progress.</b> A feed that waits keeps its place in the order of those that wait ({@link
 * MemoryHolder#takeKeepingPlace}), and those before it either go on or are disconnected. Small updates need no claim:
 * they are sent however little memory is left.
 *
 * <p>Not thread-safe: it belongs to the thread of its feed.
 */
public final class FeedMemory {

    private final MemoryHolder holder;
    private long readBytes;

    /** @param holder of the feed's connection; nothing else uses it while the feed is served */
    public FeedMemory(MemoryHolder holder) {
        this.holder = holder;
    }

    /**
     * Reads updates; what was read before is given back, because it was sent.
     *
     * @param reading reads of the log, and can be run again
     * @param atMost how long to wait for memory
     * @return null if there was no memory in time
     */
    public <T> @Nullable T read(Supplier<T> reading, Duration atMost) throws InterruptedException {
        holder.giveBack(holder.heldBytes());
        long endNanos = System.nanoTime() + atMost.toNanos();
        while (true) {
            readBytes = 0;
            long wanted;
            try {
                T read = ScopedValue.where(LargeRows.BUYER, this::claim).call(reading::get);
                holder.giveBack(holder.heldBytes() - claimedBytes(readBytes));
                return read;
            } catch (NoRoomException noRoom) {
                wanted = noRoom.wantedBytes();
            }
            holder.giveBack(holder.heldBytes());
            Duration left = Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
            if (!holder.takeKeepingPlace(claimedBytes(wanted), left)) {
                return null;
            }
        }
    }

    /** What was read is sent. */
    public void sent() {
        holder.giveBack(holder.heldBytes());
    }

    private void claim(long bytes) {
        long sum = readBytes + bytes;
        if (!holder.tryTake(claimedBytes(sum) - holder.heldBytes())) {
            throw new NoRoomException(sum);
        }
        readBytes = sum;
    }

    /** An update that is larger than all there is gets all there is. */
    private long claimedBytes(long bytes) {
        return bytes <= MemoryBudget.SMALL_BYTES ? 0 : Math.min(bytes, holder.bytesMax());
    }
}
