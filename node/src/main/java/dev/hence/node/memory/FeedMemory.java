package dev.hence.node.memory;

import dev.hence.engine.storage.LargeRows;
import dev.hence.engine.storage.NoRoomException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The log data that one feed has read and not sent yet, as part of a {@link MemoryBudget}. A feed may stay open
 * indefinitely, so unlike a request it is never rejected: it waits and keeps its place, and meanwhile sends its reader
 * periodic keep-alives.
 *
 * <p><b>Invariant.</b> Beyond {@link MemoryBudget#SMALL_BYTES}, no log data is kept that is not claimed. A large update
 * is claimed before it is read ({@link LargeRows}). A read that finds no room returns what it has; if that is nothing,
 * it is repeated when there is room, and while it waits, the feed holds nothing.
 *
 * <p><b>Progress.</b> A waiting feed keeps its place in the queue ({@link MemoryHolder#takeKeepingPlace}), and those
 * before it either continue or are disconnected. Small updates need no claim: they are sent however little memory is
 * left.
 *
 * <p>Not thread-safe: it is confined to the thread of its feed.
 */
public final class FeedMemory {

    private final MemoryHolder holder;
    private long readBytes;

    /** @param holder of the feed's connection, not used elsewhere while the feed is served */
    public FeedMemory(MemoryHolder holder) {
        this.holder = holder;
    }

    /**
     * Reads updates; the memory of the previous read is released, because its updates were sent.
     *
     * @param reading reads from the log; can be repeated
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

    /** Releases the memory once the updates are sent. */
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

    /** An update that is larger than the whole budget claims all of it. */
    private long claimedBytes(long bytes) {
        return bytes <= MemoryBudget.SMALL_BYTES ? 0 : Math.min(bytes, holder.bytesMax());
    }
}
