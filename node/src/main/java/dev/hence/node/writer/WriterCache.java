package dev.hence.node.writer;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.CollectionMeta;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.MvRegister;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.KeyChange;
import dev.hence.core.keyspace.State;
import dev.hence.engine.storage.ReadInterrupted;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The stored rows as the writer reads them. Single rows are in memory already where they were used lately ({@link
 * dev.hence.engine.rows.RowTable}); this adds what makes walks short.
 *
 * <p>The head of a collection - its number of elements, the first and the last - answers many reads without a look at
 * rows: of new collections, and of list elements added at an end.
 *
 * <p>Walks that begin at a given row of a kind with ends mostly look for the neighbour of an element that is taken from
 * an end; they are answered from rows that were read ahead ({@link RowsAhead}). Of the keys with such rows, the least
 * recently used are forgotten first.
 *
 * <p>It is exact, because only the writer changes rows: it reports the changes of each commit here ({@link #committed})
 * before it runs anything on the core again. A failed commit is the writer's last, so nothing reads the cache
 * afterwards.
 *
 * <p>Not thread-safe: it is confined to the thread whose turn it is ({@link Turns}).
 */
public final class WriterCache implements State {

    /** The approximate overhead of a key, and of an assignment. */
    private static final int KEY_BYTES = 250;

    private static final int ENTRY_BYTES = 120;

    /** The rows read ahead of a key. */
    private static final class Rows {
        final Map<RowKind, RowsAhead> ahead = new EnumMap<>(RowKind.class);
        long bytes = KEY_BYTES;
    }

    /** The maximum number of rows that a step in memory reads: some tens of microseconds. */
    private static final int STEP_ROWS_MAX = 256;

    private final State all;
    private final State inMemory;
    private final long bytesMax;
    private final LinkedHashMap<Bytes, Rows> keys = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    // A command reads the head of its key several times in a row.
    private @Nullable Bytes lastKey;
    private KeyHead lastHead = KeyHead.EMPTY;

    /** Where rows are read now. */
    private State stored;

    private int rowsLeft;

    /**
     * @param stored the rows
     * @param inMemory the same, but a reader of others than those in memory is ended by an error
     * @param bytesMax approximate memory limit in bytes
     */
    public WriterCache(State stored, State inMemory, long bytesMax) {
        this.all = stored;
        this.inMemory = new Few(inMemory);
        this.bytesMax = bytesMax;
        this.stored = stored;
    }

    /** Rows of which a step reads few only. */
    private final class Few implements State {
        private final State rows;

        Few(State rows) {
            this.rows = rows;
        }

        private void readOne() {
            if (--rowsLeft < 0) {
                throw new ReadInterrupted(true);
            }
        }

        @Override
        public KeyHead head(Bytes key) {
            readOne();
            return rows.head(key);
        }

        @Override
        public Cell cell(Bytes key, RowKind kind, Bytes row) {
            readOne();
            return rows.cell(key, kind, row);
        }

        @Override
        public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
            return rows.walk(key, kind, from, direction, (row, cell) -> {
                readOne();
                return visitor.visit(row, cell);
            });
        }
    }

    /**
     * Runs a step that reads rows in memory only, and few of them.
     *
     * @param key one whose head is read, now or later; null for none
     * @throws ReadInterrupted if it needs others, or more
     */
    <R> R inMemory(@Nullable Bytes key, Supplier<R> step) {
        stored = inMemory;
        rowsLeft = STEP_ROWS_MAX;
        try {
            if (key != null) {
                head(key);
            }
            return step.get();
        } finally {
            stored = all;
        }
    }

    /** Applies the changes of a commit. */
    void committed(Map<Bytes, KeyChange> changes) {
        lastKey = null;
        lastHead = KeyHead.EMPTY;
        if (!keys.isEmpty()) {
            changes.forEach(this::committed);
            shrink();
        }
    }

    private void committed(Bytes key, KeyChange change) {
        Rows rows = keys.get(key);
        if (rows == null) {
            return;
        }
        for (RowKind kind : change.erased()) {
            ahead(rows, kind, null);
        }
        for (Map.Entry<RowKind, NavigableMap<Bytes, KeyChange.RowChange>> kind :
                change.rows().entrySet()) {
            RowsAhead ahead = rows.ahead.get(kind.getKey());
            if (ahead != null) {
                ahead(rows, kind.getKey(), ahead.after(kind.getValue()));
            }
        }
    }

    private void ahead(Rows rows, RowKind kind, @Nullable RowsAhead ahead) {
        RowsAhead before = ahead == null ? rows.ahead.remove(kind) : rows.ahead.put(kind, ahead);
        if (before != ahead) {
            long weight = (ahead == null ? 0 : ahead.bytes()) - (before == null ? 0 : before.bytes());
            rows.bytes += weight;
            bytes += weight;
        }
    }

    static long weight(Cell cell) {
        long weight = 0;
        for (MvRegister.Entry entry : cell.register().entries()) {
            weight += ENTRY_BYTES + entry.value().length();
        }
        return weight + (long) ENTRY_BYTES * 2 * cell.counter().runs().size();
    }

    /** The approximate memory in use, in bytes. */
    long bytes() {
        return bytes;
    }

    private void shrink() {
        Iterator<Rows> oldestFirst = keys.values().iterator();
        while (bytes > bytesMax && oldestFirst.hasNext()) {
            bytes -= oldestFirst.next().bytes;
            oldestFirst.remove();
        }
    }

    @Override
    public KeyHead head(Bytes key) {
        if (!key.equals(lastKey)) {
            lastHead = stored.head(key);
            lastKey = key;
        }
        return lastHead;
    }

    @Override
    public Cell cell(Bytes key, RowKind kind, Bytes row) {
        KeyHead head = head(key);
        if (isOutside(head, kind, row, Direction.UP) || isOutside(head, kind, row, Direction.DOWN)) {
            return Cell.EMPTY;
        }
        Rows rows = keys.get(key);
        RowsAhead ahead = rows == null ? null : rows.ahead.get(kind);
        Cell known = ahead == null ? null : ahead.cell(row);
        return known == null ? stored.cell(key, kind, row) : known;
    }

    @Override
    public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
        if (isOutside(head(key), kind, from, direction)) {
            return true;
        }
        if (from == null || !hasEnds(kind)) {
            return stored.walk(key, kind, from, direction, visitor);
        }
        RowsAhead ahead = readAhead(key, kind, from, direction);
        if (ahead == null) {
            return true;
        }
        if (!ahead.walk(ahead.from(from), visitor)) {
            return false;
        }
        Bytes last = ahead.last();
        return ahead.reachesEnd()
                || stored.walk(key, kind, last, direction, (row, cell) -> row.equals(last) || visitor.visit(row, cell));
    }

    /**
     * The rows that a walk begins with: at least two, if they exist, as many as it takes to find the neighbour of one.
     * If consecutive walks continue after the last, more are read each time.
     */
    private @Nullable RowsAhead readAhead(Bytes key, RowKind kind, Bytes from, Direction direction) {
        Rows rows = keys.get(key);
        RowsAhead known = rows == null ? null : rows.ahead.get(kind);
        boolean goesOn = known != null && known.covers(from, direction);
        if (known != null && goesOn && (known.reachesEnd() || known.from(from) + 2 <= known.size())) {
            return known;
        }
        int count = known != null && goesOn ? known.nextCount() : 2;
        RowsAhead read = RowsAhead.read(stored, key, kind, from, direction, count);
        if (rows == null && read != null) {
            rows = new Rows();
            keys.put(key, rows);
            bytes += rows.bytes;
        }
        if (rows != null) {
            ahead(rows, kind, read);
            shrink();
        }
        return read;
    }

    /** Whether the head shows that there are no rows of a kind from one on, in a direction. */
    private static boolean isOutside(KeyHead head, RowKind kind, @Nullable Bytes from, Direction direction) {
        if (kind == RowKind.COUNTED) {
            return head.collections().stream().allMatch(collection -> collection.counted() == 0);
        }
        CollectionMeta collection = head.collection(type(kind));
        if (collection.count() == 0) {
            return true;
        }
        Bytes end = direction == Direction.UP ? collection.last() : collection.first();
        return hasEnds(kind)
                && end != null
                && from != null
                && (direction == Direction.UP ? from.compareTo(end) > 0 : from.compareTo(end) < 0);
    }

    /** Whether heads record the first and the last row of the kind. */
    private static boolean hasEnds(RowKind kind) {
        return kind == RowKind.ITEM || kind == RowKind.RANK;
    }

    private static DataType type(RowKind kind) {
        return switch (kind) {
            case FIELD -> DataType.HASH;
            case MEMBER -> DataType.SET;
            case SCORE, RANK -> DataType.SORTED_SET;
            case ITEM -> DataType.LIST;
            case COUNTED -> throw new IllegalArgumentException("rows: counted (expected: those of one type)");
        };
    }
}
