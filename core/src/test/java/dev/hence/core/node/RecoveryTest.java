package dev.hence.core.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Identity;
import dev.hence.core.replica.Replica;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A log of six updates in three batches, with the rows and the place after each. */
final class RecoveryTest {
    private static final ReplicaId SELF = new ReplicaId("a", 1);
    private static final Identity IDENTITY = Identity.of(SELF);
    private static final Bytes KEY = Bytes.utf8("x");

    private final List<Update> log = new ArrayList<>();
    private final List<MemoryState> rows = new ArrayList<>();
    private final List<LogPosition> places = new ArrayList<>();

    @BeforeEach
    void write() {
        MemoryState state = new MemoryState();
        Replica replica = new Replica(
                Replica.Recovered.fresh(SELF), state, new Replica.Limits(new DeliveryBuffer.Limits(10, 1_000), 1_000));
        rows.add(state.copy());
        places.add(LogPosition.START);
        for (int batch = 0; batch < 3; batch++) {
            for (int update = 0; update < 2; update++) {
                Bytes value = Bytes.utf8(batch + "." + update);
                replica.write(1_750_000_000_000L, transaction -> {
                    transaction.set(KEY, value);
                    return true;
                });
            }
            CommitBatch changes = Objects.requireNonNull(replica.takeChanges());
            state.store(changes.keys());
            log.addAll(changes.delivered());
            rows.add(state.copy());
            places.add(places.getLast().after(changes));
        }
    }

    private Recovery recovery(MemoryState state, LogPosition place, int end) {
        return new Recovery(IDENTITY, place, end, state, dot -> null);
    }

    @Test
    void read_fromAnyCheckpoint_endsAtTheSameRowsAndPlace() {
        for (int checkpoint = 0; checkpoint <= 3; checkpoint++) {
            MemoryState state = rows.get(checkpoint).copy();
            Recovery recovery = recovery(state, places.get(checkpoint), log.size());
            for (int next = (int) places.get(checkpoint).sequence(); next < log.size(); next++) {
                recovery.read(Frame.of(log.get(next)));
                if (next % 3 == 0) {
                    state.store(Objects.requireNonNull(recovery.take()).keys());
                }
            }
            CommitBatch rest = recovery.take();
            if (rest != null) {
                state.store(rest.keys());
            }
            recovery.requireDone();
            assertThat(state.head(KEY)).isEqualTo(rows.getLast().head(KEY));
            assertThat(recovery.position()).isEqualTo(places.getLast());
        }
    }

    @Test
    void read_updateThatTheRowsHold_isRejectedAndNothingIsApplied() {
        Recovery recovery = recovery(rows.get(1).copy(), places.get(1), log.size());

        assertThatThrownBy(() -> recovery.read(Frame.of(log.get(1))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the updates from 2 on do not continue the rows");
    }

    @Test
    void requireDone_logIsLonger_isRejected() {
        Recovery recovery = recovery(rows.get(1).copy(), places.get(1), log.size());

        assertThatThrownBy(recovery::requireDone)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no update at 2");
    }

    @Test
    void recovery_rowsAheadOfTheLog_isRejected() {
        assertThatThrownBy(() -> recovery(rows.get(2).copy(), places.get(2), 3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ends before update 3, but the rows hold 4");
    }
}
