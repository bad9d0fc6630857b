package dev.hence.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
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
        assertThat(storage.logExtent().firstSequence()).isZero();
        requireFromBeginning(storage, updates);
    }

    /** As {@link #requireExactly}, except that the front of the log may be deleted. */
    static void requireFromBeginning(Storage storage, List<Update> updates) {
        int first = Math.toIntExact(storage.logExtent().firstSequence());
        assertThat(storage.deliveredCount()).isEqualTo(updates.size());
        assertThat(storage.deliveries(first, PLENTY, PLENTY)).isEqualTo(updates.subList(first, updates.size()));
        VersionVector deleted = clock(updates.subList(0, first));
        assertThat(storage.logExtent().deleted()).isEqualTo(deleted);
        for (int place = 0; place < updates.size(); place += 7) {
            Update update = updates.get(place);
            Dot dot = update.dot();
            boolean isThere = place >= first;
            assertThat(storage.sequenceOf(dot)).isEqualTo(isThere ? place : -1);
            assertThat(storage.update(dot)).isEqualTo(isThere ? update : null);
            boolean isLast = deleted.get(dot.replica()) == dot.counter();
            assertThat(storage.checksum(dot)).isEqualTo(isThere || isLast ? update.checksum() : null);
        }
        for (ReplicaId origin : storage.recovered().clock().replicas()) {
            requireOrigin(storage, origin, deleted.get(origin), updates);
        }
        if (first > 0) {
            assertThatThrownBy(() -> storage.deliveries(first - 1L, PLENTY, PLENTY))
                    .isInstanceOf(DeletedUpdatesException.class);
        }
        requireState(storage, updates);
    }

    private static void requireOrigin(Storage storage, ReplicaId origin, long deleted, List<Update> updates) {
        List<Update> left = updates.stream()
                .filter(update ->
                        update.dot().replica().equals(origin) && update.dot().counter() > deleted)
                .toList();
        assertThat(storage.updatesOf(origin, deleted, PLENTY)).isEqualTo(left);
        assertThat(storage.deletedThrough(origin)).isEqualTo(deleted);
        if (deleted > 0) {
            Integer last = storage.checksum(new Dot(origin, deleted));
            assertThat(last)
                    .isEqualTo(updates.stream()
                            .filter(update -> update.dot().equals(new Dot(origin, deleted)))
                            .findFirst()
                            .orElseThrow()
                            .checksum());
            assertThatThrownBy(() -> storage.updatesOf(origin, deleted - 1, PLENTY))
                    .isInstanceOf(DeletedUpdatesException.class)
                    .hasMessageContaining("at least " + (deleted + 1));
        }
    }

    static VersionVector clock(List<Update> updates) {
        VersionVector clock = VersionVector.EMPTY;
        for (Update update : updates) {
            clock = clock.with(update.dot());
        }
        return clock;
    }

    private static void requireState(Storage storage, List<Update> updates) {
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
