package dev.hence.core.keyspace;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The change of one key: first all rows of the erased kinds are removed, then single rows are put or removed.
 *
 * <p>Not thread-safe; immutable once the host has it.
 */
public final class KeyChange {
    private final KeyHead before;

    // Not allocated for a change of a string, the most frequent kind.
    private Set<RowKind> erased = Set.of();
    private Map<RowKind, NavigableMap<Bytes, RowChange>> rows = Map.of();
    private KeyHead after;

    /**
     * A row after the change.
     *
     * @param cell the row's content, empty in an index; null if the row is removed
     */
    public record RowChange(@Nullable Cell cell) {}

    KeyChange(KeyHead before) {
        this.before = before;
        this.after = before;
    }

    /** The head before the change. */
    public KeyHead before() {
        return before;
    }

    /** The head after the change; {@link KeyHead#EMPTY} if its row is to be removed. */
    public KeyHead after() {
        return after;
    }

    /** The kinds of which all earlier rows are removed. */
    public Set<RowKind> erased() {
        return erased;
    }

    /** The rows that changed, by kind and in their order. */
    public Map<RowKind, NavigableMap<Bytes, RowChange>> rows() {
        return rows;
    }

    void head(KeyHead head) {
        after = head;
    }

    void erase(RowKind kind) {
        if (erased.isEmpty()) {
            erased = EnumSet.noneOf(RowKind.class);
        }
        erased.add(kind);
        if (!rows.isEmpty()) {
            rows.remove(kind);
        }
    }

    /** @param cell null if the row is removed */
    void put(RowKind kind, Bytes row, @Nullable Cell cell) {
        if (rows.isEmpty()) {
            rows = new EnumMap<>(RowKind.class);
        }
        rows.computeIfAbsent(kind, any -> new TreeMap<>()).put(row, new RowChange(cell));
    }

    /** Returns this change of a row; null if the row is not changed. */
    @Nullable
    RowChange row(RowKind kind, Bytes row) {
        NavigableMap<Bytes, RowChange> changed = rows.get(kind);
        RowChange change = changed == null ? null : changed.get(row);
        return change != null || !erased.contains(kind) ? change : GONE;
    }

    private static final RowChange GONE = new RowChange(null);
}
