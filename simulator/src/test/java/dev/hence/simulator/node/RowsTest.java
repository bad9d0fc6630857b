package dev.hence.simulator.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.update.Update;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RowsTest {
    private static final ReplicaId SELF = new ReplicaId("node1", 1);

    private final Batches node = new Batches(SELF);
    private final Rows rows = node.rows();

    @Test
    void add_assignedAndRemoved_readsFindTheLast() {
        node.next("b", "a");
        node.next("-a", "b");

        assertThat(rows.state().head(Bytes.utf8("a"))).isEqualTo(KeyHead.EMPTY);
        assertThat(rows.state().head(Bytes.utf8("b")).string().value()).isEqualTo(Bytes.utf8("v2"));
        assertThat(rows.heads()).containsOnlyKeys(Bytes.utf8("b"));
    }

    @Test
    void updatesOf_range_isBoundedByAllThree() {
        CommitBatch changes = node.next("a", "b", "c", "d");
        List<Update> all = changes.delivered();

        assertThat(rows.updatesOf(SELF, 0, 9, 9)).isEqualTo(all);
        assertThat(rows.updatesOf(SELF, 1, 9, 2)).isEqualTo(all.subList(1, 3));
        assertThat(rows.updatesOf(SELF, 1, 3, 9)).isEqualTo(all.subList(1, 3));
        assertThat(rows.updatesOf(SELF, 4, 9, 9)).isEmpty();
        assertThat(rows.updatesOf(new ReplicaId("node2", 1), 0, 9, 9)).isEmpty();
    }

    @Test
    void checksum_knownAndUnknown_isThatOfTheUpdateOrNull() {
        Update second = node.next("a", "b").delivered().getLast();

        assertThat(rows.checksum(new Dot(SELF, 2))).isEqualTo(second.checksum());
        assertThat(rows.checksum(new Dot(SELF, 3))).isNull();
        assertThat(rows.checksum(new Dot(new ReplicaId("node2", 1), 1))).isNull();
    }
}
