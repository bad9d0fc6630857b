package dev.hence.core.keyspace;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.RowKind;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** A walk over the rows of a state with the changes of one key on top: two ordered sequences, merged. */
final class ChangedRows {

    private final @Nullable Bytes from;
    private final State.Direction direction;
    private final State.Visitor visitor;
    private final boolean erased;
    private final Iterator<Map.Entry<Bytes, KeyChange.RowChange>> changed;
    private Map.@Nullable Entry<Bytes, KeyChange.RowChange> next;

    ChangedRows(
            KeyChange change, RowKind kind, @Nullable Bytes from, State.Direction direction, State.Visitor visitor) {
        this.from = from;
        this.direction = direction;
        this.visitor = visitor;
        this.erased = change.erased().contains(kind);
        this.changed = ahead(change.rows().getOrDefault(kind, Collections.emptyNavigableMap()));
        advance();
    }

    private Iterator<Map.Entry<Bytes, KeyChange.RowChange>> ahead(NavigableMap<Bytes, KeyChange.RowChange> rows) {
        NavigableMap<Bytes, KeyChange.RowChange> ordered =
                direction == State.Direction.UP ? rows : rows.descendingMap();
        // The visitor only reads, so the iterator stays valid.
        return (from == null ? ordered : ordered.tailMap(from, true)).entrySet().iterator();
    }

    private void advance() {
        next = changed.hasNext() ? changed.next() : null;
    }

    /** Walks the rows below, from the same row and in the same direction. */
    @FunctionalInterface
    interface Below {
        boolean walk(State.Visitor visitor);
    }

    boolean walk(Below below) {
        if (!erased && !below.walk(this::visitBelow)) {
            return false;
        }
        while (next != null) {
            if (!visitChanged(next)) {
                return false;
            }
        }
        return true;
    }

    private boolean visitBelow(Bytes row, Cell cell) {
        while (next != null && order(next.getKey(), row) < 0) {
            if (!visitChanged(next)) {
                return false;
            }
        }
        return (next != null && next.getKey().equals(row)) ? visitChanged(next) : visitor.visit(row, cell);
    }

    private boolean visitChanged(Map.Entry<Bytes, KeyChange.RowChange> entry) {
        advance();
        Cell cell = entry.getValue().cell();
        return cell == null || visitor.visit(entry.getKey(), cell);
    }

    private int order(Bytes one, Bytes other) {
        return direction == State.Direction.UP ? one.compareTo(other) : other.compareTo(one);
    }
}
