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
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * An in-memory cache of the stored rows that the writer used last: a read through RocksDB costs as much as the rest of
 * a small write.
 *
 * <p>It is exact, because only the writer changes rows: it reports the changes of each commit here ({@link #committed})
 * before it runs anything on the core again. A failed commit is the writer's last, so nothing reads the cache
 * afterwards.
 *
 * <p>The head of a collection - its number of elements, the first and the last - answers many reads without a look at
 * rows: of new collections, and of list elements added at an end.
 *
 * <p>Walks that begin at a given row of a kind with ends mostly look for the neighbour of an element that is taken from
 * an end; they are answered from rows that were read ahead ({@link RowsAhead}).
 *
 * <p>The least recently used keys are evicted first. If the elements of a key would take too large a share of the
 * cache, only they are dropped and cached again, so that one large collection does not evict everything else.
 *
 * <p>Not thread-safe: it is confined to the writer's thread.
 */
public final class WriterCache implements State {

    /** The approximate overhead of a key beside its bytes; of an element; and of one assignment in either. */
    private static final int KEY_BYTES = 250;

    private static final int CELL_BYTES = 150;
    private static final int ENTRY_BYTES = 120;

    /** The share of the cache that the elements of one key may take, as a divisor. */
    private static final int SHARE = 8;

    /** The cached rows of a key. */
    private static final class Rows {
        KeyHead head;
        final Map<RowKind, Map<Bytes, Cell>> cells = new EnumMap<>(RowKind.class);
        final Map<RowKind, RowsAhead> ahead = new EnumMap<>(RowKind.class);
        long headBytes;
        long cellBytes;
        long aheadBytes;

        Rows(KeyHead head) {
            this.head = head;
        }
    }

    private final State stored;
    private final long bytesMax;
    private final LinkedHashMap<Bytes, Rows> keys = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** @param bytesMax approximate memory limit in bytes */
    public WriterCache(State stored, long bytesMax) {
        this.stored = stored;
        this.bytesMax = bytesMax;
    }

    /** Applies the changes of a commit. */
    void committed(Map<Bytes, KeyChange> changes) {
        changes.forEach(this::committed);
        shrink();
    }

    private void committed(Bytes key, KeyChange change) {
        Rows rows = keys.get(key);
        if (rows == null) {
            rows = new Rows(change.after());
            keys.put(key, rows);
        }
        weighHead(key, rows, change.after());
        for (RowKind kind : change.erased()) {
            forget(rows, kind);
            ahead(rows, kind, null);
        }
        for (Map.Entry<RowKind, NavigableMap<Bytes, KeyChange.RowChange>> kind :
                change.rows().entrySet()) {
            RowsAhead ahead = rows.ahead.get(kind.getKey());
            if (ahead != null) {
                ahead(rows, kind.getKey(), ahead.after(kind.getValue()));
            }
            if (!kind.getKey().isIndex()) {
                for (Map.Entry<Bytes, KeyChange.RowChange> row : kind.getValue().entrySet()) {
                    Cell cell = row.getValue().cell();
                    remember(rows, kind.getKey(), row.getKey(), cell == null ? Cell.EMPTY : cell);
                }
            }
        }
    }

    private void weighHead(Bytes key, Rows rows, KeyHead head) {
        rows.head = head;
        long weight = KEY_BYTES + key.length() + weight(head.string());
        for (CollectionMeta collection : head.collections()) {
            weight += CELL_BYTES + weight(collection.latestWrites());
        }
        bytes += weight - rows.headBytes;
        rows.headBytes = weight;
    }

    private void remember(Rows rows, RowKind kind, Bytes row, Cell cell) {
        if (rows.cellBytes > bytesMax / SHARE) {
            rows.cells.clear();
            bytes -= rows.cellBytes;
            rows.cellBytes = 0;
        }
        Cell before = rows.cells.computeIfAbsent(kind, any -> new HashMap<>()).put(row, cell);
        long weight = weight(row, cell) - (before == null ? 0 : weight(row, before));
        rows.cellBytes += weight;
        bytes += weight;
    }

    private void ahead(Rows rows, RowKind kind, @Nullable RowsAhead ahead) {
        RowsAhead before = ahead == null ? rows.ahead.remove(kind) : rows.ahead.put(kind, ahead);
        if (before != ahead) {
            long weight = (ahead == null ? 0 : ahead.bytes()) - (before == null ? 0 : before.bytes());
            rows.aheadBytes += weight;
            bytes += weight;
        }
    }

    private void forget(Rows rows, RowKind kind) {
        Map<Bytes, Cell> gone = rows.cells.remove(kind);
        if (gone != null) {
            for (Map.Entry<Bytes, Cell> row : gone.entrySet()) {
                long weight = weight(row.getKey(), row.getValue());
                rows.cellBytes -= weight;
                bytes -= weight;
            }
        }
    }

    private static long weight(Bytes row, Cell cell) {
        return CELL_BYTES + row.length() + weight(cell);
    }

    static long weight(Cell cell) {
        return weight(cell.register())
                + (long) ENTRY_BYTES * 2 * cell.counter().runs().size();
    }

    private static long weight(MvRegister register) {
        long weight = 0;
        for (MvRegister.Entry entry : register.entries()) {
            weight += ENTRY_BYTES + entry.value().length();
        }
        return weight;
    }

    /** The approximate memory in use, in bytes. */
    long bytes() {
        return bytes;
    }

    private void shrink() {
        if (bytes <= bytesMax) {
            return;
        }
        Iterator<Rows> oldestFirst = keys.values().iterator();
        while (bytes > bytesMax && oldestFirst.hasNext()) {
            Rows oldest = oldestFirst.next();
            bytes -= oldest.headBytes + oldest.cellBytes + oldest.aheadBytes;
            oldestFirst.remove();
        }
    }

    /** The cached rows of a key. The caller must {@link #shrink} when it is done, and not before. */
    private Rows rows(Bytes key) {
        Rows rows = keys.get(key);
        if (rows == null) {
            rows = new Rows(stored.head(key));
            keys.put(key, rows);
            weighHead(key, rows, rows.head);
        }
        return rows;
    }

    @Override
    public KeyHead head(Bytes key) {
        KeyHead head = rows(key).head;
        shrink();
        return head;
    }

    @Override
    public Cell cell(Bytes key, RowKind kind, Bytes row) {
        Rows rows = rows(key);
        if (isOutside(rows.head, kind, row, Direction.UP) || isOutside(rows.head, kind, row, Direction.DOWN)) {
            shrink();
            return Cell.EMPTY;
        }
        Map<Bytes, Cell> cells = rows.cells.get(kind);
        Cell known = cells == null ? null : cells.get(row);
        RowsAhead ahead = rows.ahead.get(kind);
        if (known == null && ahead != null) {
            known = ahead.cell(row);
        }
        if (known != null) {
            return known;
        }
        Cell cell = stored.cell(key, kind, row);
        remember(rows, kind, row, cell);
        shrink();
        return cell;
    }

    @Override
    public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
        Rows rows = rows(key);
        if (isOutside(rows.head, kind, from, direction)) {
            shrink();
            return true;
        }
        if (from == null || !hasEnds(kind)) {
            shrink();
            return stored.walk(key, kind, from, direction, visitor);
        }
        RowsAhead ahead = readAhead(rows, key, kind, from, direction);
        shrink();
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
    private @Nullable RowsAhead readAhead(Rows rows, Bytes key, RowKind kind, Bytes from, Direction direction) {
        RowsAhead known = rows.ahead.get(kind);
        boolean goesOn = known != null && known.covers(from, direction);
        if (known != null && goesOn && (known.reachesEnd() || known.from(from) + 2 <= known.size())) {
            return known;
        }
        int count = known != null && goesOn ? known.nextCount() : 2;
        RowsAhead read = RowsAhead.read(stored, key, kind, from, direction, count);
        ahead(rows, kind, read);
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
