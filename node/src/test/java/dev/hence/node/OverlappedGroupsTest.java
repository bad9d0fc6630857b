package dev.hence.node;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.engine.storage.StorageException;
import dev.hence.node.store.Store.Committed;
import dev.hence.node.store.WriteUncertainException;
import dev.hence.node.testing.Gate;
import dev.hence.node.testing.NodeConfigs;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A group runs while the one before it is forced to the disk. */
final class OverlappedGroupsTest extends HookedNodeTest {

    private final Gate forcing = new Gate();
    private final AtomicBoolean ran = new AtomicBoolean();

    /** A write whose group is being forced, and another one that was queued before that and has run. */
    private record Overlapped(Doing<Committed<String>> first, Doing<Committed<String>> second) {}

    private Overlapped overlap() throws Exception {
        node.close();
        open(NodeConfigs.alone("node1", directory).with(FsyncPolicy.ALWAYS));
        Gate appending = new Gate();
        storage.beforeCommit = appending;
        storage.beforeSync = forcing;
        Doing<Committed<String>> first = Doing.start(() -> set(X, ONE));
        appending.awaitArrival();
        storage.beforeCommit = () -> {};
        Doing<Committed<String>> second = Doing.start(() -> node.write(transaction -> {
                    ran.set(true);
                    transaction.set(Y, ONE);
                    return "done";
                }))
                .untilStuck();
        appending.open();
        forcing.awaitArrival();
        eventually("the second has run", ran::get);
        assertThat(first.future().isDone()).isFalse();
        assertThat(second.future().isDone()).isFalse();
        assertThat(node.read(X).value().isEmpty()).isTrue();
        return new Overlapped(first, second);
    }

    @Test
    void write_whileTheOneBeforeIsForced_runsAndIsAnsweredAfterIt() throws Exception {
        Overlapped both = overlap();
        forcing.open();
        assertThat(dot(both.first().result()).counter()).isEqualTo(1);
        assertThat(dot(both.second().result()).counter()).isEqualTo(2);
        assertThat(storage.commits).hasValue(2);
        assertThat(node.read(Y).value().isEmpty()).isFalse();
        node.close();
        open();
        assertThat(node.read(X).value().isEmpty()).isFalse();
        assertThat(node.read(Y).value().isEmpty()).isFalse();
    }

    @Test
    void force_fails_itsGroupIsUncertainAndTheNextHasNotHappened() throws Exception {
        Overlapped both = overlap();
        storage.afterSync = () -> {
            throw new StorageException("disk: gone");
        };
        forcing.open();
        assertThat(both.first().failure())
                .isInstanceOf(WriteUncertainException.class)
                .hasMessageContaining("disk: gone");
        assertRefusedAsFailed(both.second().failure());
        assertThat(node.unready()).isPresent();
        assertThat(storage.commits).as("the second was never appended").hasValue(1);
    }

    @Test
    void close_whileAGroupIsForced_storesEverythingThatRan() throws Exception {
        Overlapped both = overlap();
        Doing<String> closing = Doing.start(() -> {
                    node.close();
                    return "closed";
                })
                .untilStuck();
        forcing.open();
        assertThat(closing.result()).isEqualTo("closed");
        both.first().result();
        both.second().result();
        open();
        assertThat(node.read(Bytes.utf8("y")).value().isEmpty()).isFalse();
    }
}
