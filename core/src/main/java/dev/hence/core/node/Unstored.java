package dev.hence.core.node;

import dev.hence.core.clock.Dot;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.LayeredState;
import dev.hence.core.keyspace.State;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.update.Lineage;
import dev.hence.core.update.Update;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What a replica reads: the storage, and on top of it the batches that were taken from the replica and are not stored
 * yet. So a group can run while earlier ones are being stored.
 *
 * <p>Not thread-safe: it belongs to the one writer of a replica. The storage may be changed by another thread.
 */
public final class Unstored implements State, Lineage.Log {
    private final LayeredState rows;
    private final Lineage.Log log;
    private final Deque<CommitBatch> batches = new ArrayDeque<>();

    public Unstored(State stored, Lineage.Log log) {
        this.rows = new LayeredState(stored);
        this.log = log;
    }

    void taken(CommitBatch changes) {
        rows.push(changes.keys());
        batches.add(changes);
    }

    /** The storage holds the oldest batch. */
    void stored() {
        rows.dropOldest();
        batches.remove();
    }

    @Override
    public KeyHead head(Bytes key) {
        return rows.head(key);
    }

    @Override
    public Cell cell(Bytes key, RowKind kind, Bytes row) {
        return rows.cell(key, kind, row);
    }

    @Override
    public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
        return rows.walk(key, kind, from, direction, visitor);
    }

    @Override
    public @Nullable Integer checksum(Dot dot) {
        for (CommitBatch batch : batches) {
            if (batch.clock().contains(dot)) {
                for (Update update : batch.delivered()) {
                    if (update.dot().equals(dot)) {
                        return update.checksum();
                    }
                }
            }
        }
        return log.checksum(dot);
    }
}
