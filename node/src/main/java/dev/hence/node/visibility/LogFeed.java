package dev.hence.node.visibility;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.update.Update;
import dev.hence.engine.storage.DeletedUpdatesException;
import dev.hence.engine.storage.Storage;
import dev.hence.node.memory.FeedMemory;
import dev.hence.node.memory.MemoryHolder;
import dev.hence.node.store.Store;
import dev.hence.node.store.UpdatesGoneException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A feed of the updates that a reader has not seen, in the order in which this node delivered them.
 *
 * <p>The reader's clock says how many updates of each origin the reader has. Since a node delivers each origin's
 * updates in their order, the missing updates begin at the earliest place in the log of the first missing update of any
 * origin; updates that the reader already has are skipped. None is skipped because it was deleted: such a feed cannot be
 * opened, and one that is too slow ends.
 */
public final class LogFeed implements Store.DeliveryFeed {

    private static final int CHUNK_UPDATES = 256;
    private static final long CHUNK_BYTES = 1L << 20;

    private final Storage storage;
    private final VisibleClock published;
    private final FeedMemory memory;
    private VersionVector seen;
    private long next;

    /** @param memory of the reader's connection, see {@link FeedMemory} */
    public LogFeed(Storage storage, VisibleClock published, VersionVector after, MemoryHolder memory) {
        this.storage = storage;
        this.memory = new FeedMemory(memory);
        this.published = published;
        this.seen = after;
        this.next = start(after, published.view());
    }

    private long start(VersionVector after, VisibleClock.View view) {
        long[] earliest = {view.deliveries()};
        view.clock().forEach((origin, counter) -> {
            if (after.get(origin) < counter) {
                Dot wanted = after.next(origin);
                long sequence = storage.sequenceOf(wanted);
                if (sequence < 0) {
                    throw new UpdatesGoneException(wanted, storage.deletedThrough(origin) + 1);
                }
                earliest[0] = Math.min(earliest[0], sequence);
            }
        });
        return earliest[0];
    }

    @Override
    public List<Item> next(Duration atMost) throws InterruptedException {
        memory.sent();
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        while (true) {
            long position = next;
            Duration left = Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
            VisibleClock.View view = published.await(now -> now.deliveries() > position || now.closing(), left);
            int available = (int) Math.min(CHUNK_UPDATES, view.deliveries() - position);
            // The storage closes soon: the rest is served by another node, or by this one after its restart.
            if (available <= 0 || view.closing()) {
                return List.of();
            }
            left = Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
            List<Item> items = read(available, left);
            if (items == null || !items.isEmpty()) {
                return items == null ? List.of() : items;
            }
        }
    }

    /** Returns null if there is no memory for the next updates. */
    private @Nullable List<Item> read(int countMax, Duration atMost) throws InterruptedException {
        long position = next;
        try {
            List<Update> delivered = memory.read(() -> storage.deliveries(position, countMax, CHUNK_BYTES), atMost);
            return delivered == null ? null : unseen(delivered);
        } catch (DeletedUpdatesException deleted) {
            throw new UpdatesGoneException("the reader was too slow: " + deleted.getMessage());
        }
    }

    private List<Item> unseen(List<Update> delivered) {
        List<Item> items = new ArrayList<>(delivered.size());
        for (Update update : delivered) {
            next++;
            if (!seen.contains(update.dot())) {
                seen = seen.with(update.dot());
                items.add(new Item(update, seen));
            }
        }
        return items;
    }

    @Override
    public boolean ended() {
        return published.view().closing();
    }

    @Override
    public void close() {}
}
