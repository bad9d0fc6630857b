package dev.hence.node;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.engine.storage.StorageException;
import dev.hence.node.store.Store.Committed;
import dev.hence.node.store.Store.Reading;
import dev.hence.node.store.WriteUncertainException;
import dev.hence.node.testing.Gate;
import dev.hence.node.testing.NodeConfigs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node whose disk fails. */
final class FailingDiskTest extends HookedNodeTest {

    @Test
    void commit_fails_leavesItsWritesUncertainRefusesAllOthersAndLetsReadersRead() throws Exception {
        Committed<String> kept = set(X, ONE);
        Gate gate = new Gate();
        storage.beforeCommit = () -> {
            gate.run();
            throw new StorageException("disk: gone");
        };
        Doing<Committed<String>> first = Doing.start(() -> set(X, Bytes.utf8("lost")));
        gate.awaitArrival();
        List<Doing<Committed<String>>> queued = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            queued.add(Doing.start(() -> set(Y, ONE)).untilStuck());
        }
        gate.open();
        assertThat(first.failure()).isInstanceOf(WriteUncertainException.class).hasMessageContaining("disk: gone");
        for (Doing<Committed<String>> write : queued) {
            assertRefusedAsFailed(write.failure());
        }
        assertThatThrownBy(() -> set(X, ONE)).satisfies(HookedNodeTest::assertRefusedAsFailed);
        assertThat(node.unready()).isPresent();
        assertThat(node.read(X).value().string().value()).isEqualTo(ONE);
        assertThat(node.clock()).isEqualTo(kept.clock());
        assertThat(node.status().bufferedCount()).isZero();
    }

    @Test
    void commit_failsOnceVisible_readersOfItAreToldAndDoNotHang() throws Exception {
        Committed<String> kept = set(X, ONE);
        Gate gate = new Gate();
        storage.onceVisible = () -> {
            gate.run();
            throw new StorageException("disk: gone");
        };
        Doing<Committed<String>> writer = Doing.start(() -> set(X, Bytes.utf8("perhaps")));
        gate.awaitArrival();
        Doing<Reading<KeyHead>> early = Doing.start(() -> node.read(X)).untilStuck();
        gate.open();
        assertThat(writer.failure()).isInstanceOf(WriteUncertainException.class);
        assertThat(early.failure()).isInstanceOf(StorageException.class);
        Doing<Reading<KeyHead>> late = Doing.start(() -> node.read(X));
        assertThat(late.failure()).isInstanceOf(StorageException.class);
        assertThat(node.clock()).isEqualTo(kept.clock());
    }

    @Test
    void receive_unreadableStateInTheMiddleOfAnUpdate_storesNoHalfOfIt() throws Exception {
        set(Bytes.utf8("before"), ONE);
        VersionVector before = node.clock();
        storage.beforeRead = key -> {
            if (key.equals(Y)) {
                throw new StorageException("row: damaged");
            }
        };
        Update both = Update.of(
                new Dot(OTHER, 1),
                VersionVector.EMPTY,
                STAMP,
                List.of(new Operation.SetString(X, ONE), new Operation.SetString(Y, ONE)));
        assertThatThrownBy(() -> node.receive(List.of(Frame.of(both)), "node2"))
                .satisfies(HookedNodeTest::assertRefusedAsFailed);
        assertThatThrownBy(() -> set(Bytes.utf8("after"), ONE)).satisfies(HookedNodeTest::assertRefusedAsFailed);
        node.close();
        open();
        assertThat(node.read(X).value().isEmpty()).isTrue();
        assertThat(node.clock()).isEqualTo(before);
        assertThat(node.receive(List.of(Frame.of(both)), "node2")).containsExactly(new Receipt.Delivered());
        assertThat(node.read(X).value().isEmpty()).isFalse();
    }

    @Test
    void sync_fails_noMoreWritesAreTakenAndNothingIsCalledDurable() throws Exception {
        node.close();
        open(NodeConfigs.alone("node1", directory).with(FsyncPolicy.EVERYSEC));
        storage.beforeSync = () -> {
            throw new StorageException("disk: gone");
        };
        set(X, ONE);
        eventually("the failed sync was noticed", () -> node.unready().isPresent());
        storage.beforeSync = () -> {};
        assertThatThrownBy(() -> set(X, ONE)).satisfies(HookedNodeTest::assertRefusedAsFailed);
        assertThat(node.durableClock()).isEqualTo(VersionVector.EMPTY);
    }
}
