package dev.hence.core.keyspace;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A state in memory: the minimal storage, for hosts that need no disk.
 *
 * <p>Not thread-safe.
 */
public final class MemoryState implements State {

    private final NavigableMap<Bytes, KeyHead> heads;
    private final Map<Bytes, Map<RowKind, NavigableMap<Bytes, Cell>>> rows;

    /** An empty state. */
    public MemoryState() {
        heads = new TreeMap<>();
        rows = new TreeMap<>();
    }

    private MemoryState(MemoryState other) {
        heads = new TreeMap<>(other.heads);
        rows = new TreeMap<>();
        other.rows.forEach(
                (key, kinds) -> kinds.forEach((kind, each) -> rows(key, kind).putAll(each)));
    }

    /** Returns an independent copy of this state. */
    public MemoryState copy() {
        return new MemoryState(this);
    }

    /** A live view of every key of which something is known, in key order. */
    public NavigableMap<Bytes, KeyHead> heads() {
        return Collections.unmodifiableNavigableMap(heads);
    }

    /** Applies changes. */
    public void store(Map<Bytes, KeyChange> changes) {
        changes.forEach(this::store);
    }

    private void store(Bytes key, KeyChange change) {
        if (change.after().isEmpty()) {
            heads.remove(key);
        } else {
            heads.put(key, change.after());
        }
        change.erased().forEach(kind -> rows(key, kind).clear());
        change.rows()
                .forEach((kind, changed) -> changed.forEach((row, after) -> {
                    if (after.cell() == null) {
                        rows(key, kind).remove(row);
                    } else {
                        rows(key, kind).put(row, after.cell());
                    }
                }));
        Map<RowKind, NavigableMap<Bytes, Cell>> left = rows.get(key);
        if (left != null && left.values().stream().allMatch(Map::isEmpty)) {
            rows.remove(key);
        }
    }

    private NavigableMap<Bytes, Cell> rows(Bytes key, RowKind kind) {
        return rows.computeIfAbsent(key, any -> new EnumMap<>(RowKind.class))
                .computeIfAbsent(kind, any -> new TreeMap<>());
    }

    /** Returns the present rows of a key and kind, in their order. */
    public NavigableMap<Bytes, Cell> rowsOf(Bytes key, RowKind kind) {
        NavigableMap<Bytes, Cell> found = rows.getOrDefault(key, Map.of()).get(kind);
        return found == null ? Collections.emptyNavigableMap() : Collections.unmodifiableNavigableMap(found);
    }

    @Override
    public KeyHead head(Bytes key) {
        return heads.getOrDefault(key, KeyHead.EMPTY);
    }

    @Override
    public Cell cell(Bytes key, RowKind kind, Bytes row) {
        return rowsOf(key, kind).getOrDefault(row, Cell.EMPTY);
    }

    @Override
    public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
        NavigableMap<Bytes, Cell> all = rowsOf(key, kind);
        NavigableMap<Bytes, Cell> ordered = direction == Direction.UP ? all : all.descendingMap();
        for (Map.Entry<Bytes, Cell> row : (from == null ? ordered : ordered.tailMap(from, true)).entrySet()) {
            if (!visitor.visit(row.getKey(), row.getValue())) {
                return false;
            }
        }
        return true;
    }
}
