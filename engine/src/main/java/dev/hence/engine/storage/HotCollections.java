package dev.hence.engine.storage;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.KeyChange;
import dev.hence.engine.rows.OrderedNames;
import dev.hence.engine.rows.RowTable;
import java.lang.invoke.VarHandle;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SequencedSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The names of the rows of collections that are walked often, in their order: with them, a walk needs no more than rows
 * from {@link RowTable}.
 *
 * <p><b>Invariant.</b> Names that {@link #names} returns are those of all rows of the key and kind, at every position
 * that readers may read: they change under the table's lock, together with its rows, after the position has been advanced.
 * So a reader needs no lock: if the position is still the same after it has copied names, they are those of that position.
 * That also holds for names which are dropped meanwhile.
 *
 * <p><b>Loading.</b> Names are read from the database while commits go on. (1) Under the table's lock the collection is
 * registered; from then on changes of its names are recorded. (2) The database catches up, so it holds everything from
 * before. (3) All names are read. (4) What was recorded is applied in its order, the rest of it under the lock, and then
 * the names are there for all. Changes that the names read in (3) have already do no harm, because each says whether its
 * name is there and the last one is right.
 *
 * <p><b>What is loaded.</b> A collection for which walks have read the database about as often as loading it is worth:
 * twice, and once for each {@value #NAMES_A_WALK} names. If it turns out to be too large, or goes because others
 * are used more, it must be walked {@value #AGAIN_TIMES} times as often. If its rows are erased, its names stay, an empty set.
 *
 * <p>Thread-safe.
 */
final class HotCollections {

    /** A walk that needs the database costs about as much as loading some hundred names. */
    private static final int NAMES_A_WALK = 1_000;

    private static final int AGAIN_TIMES = 16;

    /** At least, with its part of a leaf. */
    private static final int NAME_BYTES_MIN = 8;

    /** Of an entry without names. */
    private static final int ENTRY_BYTES = 250;

    private static final int WANTED_MAX = 16;

    /** Of so many the least recently used one goes. */
    private static final int COMPARED_MAX = 16;

    private static final int RECORDED_BYTES_MAX = 8 << 20;

    /** So few recorded changes are applied while commits wait. */
    private static final int RECORDED_FEW = 500;

    private static final int ROUNDS_MAX = 20;

    /** The memory of names that are being read is counted whenever there are so many more. */
    private static final int COUNTED_NAMES = 4_096;

    /** The rows of a collection of one kind. Comparable, because whoever chooses keys can make their hashes collide. */
    private record Rows(Bytes key, RowKind kind) implements Comparable<Rows> {
        @Override
        public int compareTo(Rows other) {
            int keys = key.compareTo(other.key);
            return keys != 0 ? keys : kind.compareTo(other.kind);
        }
    }

    private static final class Hot {
        final Rows rows;
        final OrderedNames names;
        // Set by readers without a lock; what is lost then lets the names go a little earlier.
        long used;

        Hot(Rows rows, OrderedNames names) {
            this.rows = rows;
            this.names = names;
        }

        long bytes() {
            return ENTRY_BYTES + rows.key.length() + names.bytes();
        }
    }

    private static final class Loading {
        final Rows rows;
        final OrderedNames names = new OrderedNames();
        NameChanges recorded = new NameChanges();
        /** The size of the names when it was last looked at. */
        long bytes;

        volatile boolean abandoned;

        Loading(Rows rows) {
            this.rows = rows;
        }
    }

    /** Reads the names of the rows in the database, after it has caught up. */
    @FunctionalInterface
    interface Source {
        /**
         * @param visitor gets the names in their order, and returns whether to continue
         * @return whether the visitor got all
         */
        boolean names(Bytes key, RowKind kind, Predicate<byte[]> visitor);
    }

    private final RowTable table;
    private final long bytesMax;
    private final Runnable onWanted;
    private final Map<Rows, Hot> ready = new ConcurrentHashMap<>();

    // A clock for which of them was used last; it may lose ticks.
    private long uses;

    // Guarded by the table's lock. From the first ones the next is chosen that goes, and the others become the last
    // ones.
    private final SequencedSet<Hot> order = new LinkedHashSet<>();
    private @Nullable Loading loading;
    private long bytes;

    private final BlockingQueue<Rows> wanted = new LinkedBlockingQueue<>(WANTED_MAX);
    private final WalkCounts walks = new WalkCounts();

    /**
     * @param bytesMax for all names; while some are loaded, half as much in addition
     * @param onWanted called when {@link #load} has something to do; must return at once
     */
    HotCollections(RowTable table, long bytesMax, Runnable onWanted) {
        this.table = table;
        this.bytesMax = bytesMax;
        this.onWanted = onWanted;
    }

    /**
     * Returns the names of the rows of a key and kind; null if they are not in memory.
     *
     * @return to be copied only
     */
    @Nullable
    OrderedNames names(Bytes key, RowKind kind) {
        Hot hot = ready.isEmpty() ? null : ready.get(new Rows(key, kind));
        if (hot == null) {
            return null;
        }
        hot.used = ++uses;
        return hot.names;
    }

    /** The memory in use, in bytes. To be called under the table's lock. */
    long bytes() {
        Loading now = loading;
        return bytes + (now == null ? 0 : now.bytes + now.recorded.bytes());
    }

    /**
     * A walk needed the database.
     *
     * @param count about how many rows there are
     */
    void walked(Bytes key, RowKind kind, long count) {
        Rows rows = new Rows(key, kind);
        if (count == 0 || count * NAME_BYTES_MIN > oneBytesMax()) {
            return;
        }
        int times = walks.add(rows.hashCode());
        if (times < 2 || times < count / NAMES_A_WALK) {
            return;
        }
        if (!wanted.contains(rows) && wanted.offer(rows)) {
            onWanted.run();
        }
    }

    private long oneBytesMax() {
        return bytesMax / 2;
    }

    private static void again(WalkCounts walks, Rows rows, long count) {
        walks.set(rows.hashCode(), (int) -Math.min(AGAIN_TIMES * (1 + count / NAMES_A_WALK), 1 << 20));
    }

    /** The rows of a collection do not fit into memory, so its names are of no use. */
    void drop(Bytes key, RowKind kind) {
        table.together(() -> {
            Hot hot = ready.get(new Rows(key, kind));
            if (hot != null) {
                drop(hot);
                table.reserve(bytes());
            }
        });
    }

    private void drop(Hot hot) {
        again(walks, hot.rows, hot.names.count());
        ready.remove(hot.rows);
        order.remove(hot);
        bytes -= hot.bytes();
    }

    /** Changes the names as a commit changes the rows. To be called under the table's lock. */
    void committed(Map<Bytes, KeyChange> changes) {
        if (ready.isEmpty() && loading == null) {
            return;
        }
        // A reader that gets a changed name finds that the position has moved.
        VarHandle.storeStoreFence();
        changes.forEach((key, change) -> {
            for (RowKind kind : change.erased()) {
                erased(new Rows(key, kind));
            }
            change.rows().forEach((kind, rows) -> changed(new Rows(key, kind), rows));
        });
        shrink();
    }

    private void erased(Rows rows) {
        Hot hot = ready.get(rows);
        if (hot != null) {
            bytes -= hot.bytes();
            hot.names.clear();
            bytes += hot.bytes();
        }
        if (isLoading(rows)) {
            abandon();
        }
    }

    private void changed(Rows rows, NavigableMap<Bytes, KeyChange.RowChange> changes) {
        Hot hot = ready.get(rows);
        if (hot != null) {
            bytes -= hot.bytes();
            changes.forEach((name, change) -> {
                if (change.cell() == null) {
                    hot.names.remove(name.array());
                } else {
                    hot.names.put(name.array());
                }
            });
            bytes += hot.bytes();
            if (hot.names.bytes() > oneBytesMax()) {
                drop(hot);
            }
        }
        Loading now = loading;
        if (now != null && now.rows.equals(rows)) {
            changes.forEach((name, change) -> now.recorded.add(name.array(), change.cell() != null));
            if (now.recorded.bytes() > Math.min(RECORDED_BYTES_MAX, bytesMax / 4)) {
                abandon();
            }
        }
    }

    private boolean isLoading(Rows rows) {
        return loading != null && loading.rows.equals(rows);
    }

    private void abandon() {
        if (loading != null) {
            loading.abandoned = true;
            loading = null;
        }
    }

    private void shrink() {
        while (bytes > bytesMax) {
            drop(leastRecentlyUsed());
        }
        table.reserve(bytes());
    }

    /** Of a few. */
    private Hot leastRecentlyUsed() {
        Hot least = order.getFirst();
        for (int i = Math.min(COMPARED_MAX, order.size()); i > 0; i--) {
            Hot next = order.removeFirst();
            order.addLast(next);
            least = next.used < least.used ? next : least;
        }
        return least;
    }

    /**
     * Loads the names of one collection, on a thread that may wait and has something else to do before the next one: if
     * more are wanted, it is called again. Only one thread may call it at a time.
     */
    void load(Source source) {
        Loading next = begin();
        if (next == null) {
            return;
        }
        boolean done = false;
        try {
            done = isRead(next, source) && isUpToDate(next) && isReady(next);
        } finally {
            if (!done) {
                table.together(this::abandon);
                again(walks, next.rows, next.names.count());
            }
            // Walks asked for it meanwhile.
            wanted.removeIf(next.rows::equals);
            if (!wanted.isEmpty()) {
                onWanted.run();
            }
        }
    }

    private @Nullable Loading begin() {
        Rows next = wanted.poll();
        while (next != null && ready.containsKey(next)) {
            next = wanted.poll();
        }
        if (next == null) {
            return null;
        }
        Loading begun = new Loading(next);
        table.together(() -> loading = begun);
        return begun;
    }

    private boolean isRead(Loading now, Source source) {
        return source.names(now.rows.key, now.rows.kind, name -> {
            now.names.put(name);
            if (now.names.count() % COUNTED_NAMES == 0) {
                table.together(() -> {
                    now.bytes = now.names.bytes();
                    table.reserve(bytes());
                });
            }
            return now.names.bytes() <= oneBytesMax() && !now.abandoned;
        });
    }

    /** Applies what was recorded until there is little of it, while commits go on. */
    private boolean isUpToDate(Loading now) {
        for (int round = 0; round < ROUNDS_MAX; round++) {
            NameChanges recorded = taken(now);
            if (recorded == null) {
                return now.names.bytes() <= oneBytesMax();
            }
            recorded.applyTo(now.names);
        }
        return false;
    }

    /** Takes what was recorded; null if it is little. */
    private @Nullable NameChanges taken(Loading now) {
        @Nullable NameChanges[] taken = new NameChanges[1];
        table.together(() -> {
            if (now.recorded.count() > RECORDED_FEW) {
                taken[0] = now.recorded;
                now.recorded = new NameChanges();
            }
        });
        return taken[0];
    }

    private boolean isReady(Loading now) {
        table.together(() -> {
            if (!now.abandoned) {
                loading = null;
                now.recorded.applyTo(now.names);
                Hot hot = new Hot(now.rows, now.names);
                hot.used = ++uses;
                ready.put(now.rows, hot);
                order.add(hot);
                bytes += hot.bytes();
                shrink();
            }
        });
        return !now.abandoned;
    }
}
