package dev.hence.core.keyspace;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A state below batches of changes that it does not hold yet, or does not hold for certain.
 *
 * <p>A batch gives the rows after it, not differences. So what is read here is the same whether the state below holds
 * the oldest batch, or not, or begins to hold it during a read of it.
 *
 * <p>Not thread-safe.
 */
public final class LayeredState implements State {

    private final State below;
    private final List<Map<Bytes, KeyChange>> layers = new ArrayList<>();

    public LayeredState(State below) {
        this.below = below;
    }

    /** Adds a batch on top. */
    public void push(Map<Bytes, KeyChange> changes) {
        layers.add(changes);
    }

    /** Drops the oldest batch: the state below holds it. */
    public void dropOldest() {
        layers.removeFirst();
    }

    @Override
    public KeyHead head(Bytes key) {
        for (int layer = layers.size() - 1; layer >= 0; layer--) {
            KeyChange change = layers.get(layer).get(key);
            if (change != null) {
                return change.after();
            }
        }
        return below.head(key);
    }

    @Override
    public Cell cell(Bytes key, RowKind kind, Bytes row) {
        for (int layer = layers.size() - 1; layer >= 0; layer--) {
            KeyChange change = layers.get(layer).get(key);
            KeyChange.RowChange changed = change == null ? null : change.row(kind, row);
            if (changed != null) {
                Cell cell = changed.cell();
                return cell == null ? Cell.EMPTY : cell;
            }
        }
        return below.cell(key, kind, row);
    }

    @Override
    public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
        return walk(layers.size(), key, kind, from, direction, visitor);
    }

    /** Walks the state below and the oldest layers: each merges its changes into the walk of those below it. */
    private boolean walk(
            int count, Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
        if (count == 0) {
            return below.walk(key, kind, from, direction, visitor);
        }
        KeyChange change = layers.get(count - 1).get(key);
        return change == null
                ? walk(count - 1, key, kind, from, direction, visitor)
                : new ChangedRows(change, kind, from, direction, visitor)
                        .walk(lower -> walk(count - 1, key, kind, from, direction, lower));
    }
}
