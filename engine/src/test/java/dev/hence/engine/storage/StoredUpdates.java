package dev.hence.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.keyspace.State;
import dev.hence.core.update.Update;
import dev.hence.engine.log.Deliveries;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A storage's log and rows, compared with a list of updates and a state in memory. */
final class StoredUpdates {

    private static final int PLENTY = 1 << 30;

    private StoredUpdates() {}

    /** Requires that the storage holds the updates, in this order, and the state that they lead to. */
    static void requireExactly(Storage storage, List<Update> updates) {
        assertThat(storage.deliveredCount()).isEqualTo(updates.size());
        assertThat(storage.deliveries(0, PLENTY, PLENTY)).isEqualTo(updates);
        for (int place = 0; place < updates.size(); place += 7) {
            Dot dot = updates.get(place).dot();
            assertThat(storage.sequenceOf(dot)).isEqualTo(place);
            assertThat(storage.update(dot)).isEqualTo(updates.get(place));
        }
        for (ReplicaId origin : storage.recovered().clock().replicas()) {
            assertThat(storage.updatesOf(origin, 0, PLENTY))
                    .isEqualTo(updates.stream()
                            .filter(update -> update.dot().replica().equals(origin))
                            .toList());
        }
        MemoryState expected = Deliveries.replay(storage.recovered().self(), updates);
        assertThat(storage.keys())
                .isEqualTo(expected.heads().values().stream()
                        .filter(head -> head.type() != null)
                        .count());
        Deliveries.keys().forEach(key -> {
            assertThat(storage.head(key)).as("%s", key).isEqualTo(expected.head(key));
            for (RowKind kind : RowKind.values()) {
                assertThat(rows(storage, key, kind)).as("%s", key).isEqualTo(rows(expected, key, kind));
            }
        });
    }

    private static Map<Bytes, Cell> rows(State state, Bytes key, RowKind kind) {
        Map<Bytes, Cell> rows = new TreeMap<>();
        state.walk(key, kind, null, State.Direction.UP, (row, cell) -> {
            rows.put(row, cell);
            return true;
        });
        return rows;
    }
}
