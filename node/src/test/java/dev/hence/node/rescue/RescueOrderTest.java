package dev.hence.node.rescue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.engine.disk.LosingDisk;
import dev.hence.engine.disk.RealDisk;
import dev.hence.engine.storage.DataDirectory;
import dev.hence.engine.storage.Storage;
import dev.hence.engine.storage.StorageException;
import dev.hence.node.Node;
import dev.hence.node.testing.NodeConfigs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RescueOrderTest {

    private static final int OPERATIONS_MIN = 10;

    @TempDir
    Path parent;

    private Path data;
    private Path inside;

    @BeforeEach
    void fork() throws Exception {
        data = parent.resolve("node1");
        inside = data.resolve("forked");
        ForkedDirectory.make(data);
    }

    /** A directory whose command ended after this many operations. */
    private @Nullable Path interrupted(int operations) throws IOException {
        Path copy = parent.resolve("interrupted" + operations);
        ForkedDirectory.copy(data, copy);
        try {
            new RescueOrder(copy, new StoppingDisk(operations)).give();
        } catch (StorageException ended) {
            assertThat(ended).hasMessageContaining(StoppingDisk.ENDED);
            return copy;
        }
        assertThat(operations).isGreaterThan(OPERATIONS_MIN);
        return null;
    }

    @Test
    void give_aForkedDirectory_itsContentIsSetAsideInside() throws Exception {
        Files.createDirectory(data.resolve("lost+found"));

        assertThat(RescueOrder.give(data)).isEqualTo(inside);

        ForkedDirectory.requireSetAside(data);
        assertThat(data.resolve("lost+found")).isDirectory();
        assertThat(RescueOrder.settle(data)).hasValue(inside);
        assertThat(RescueOrder.give(data)).isEqualTo(inside);
        try (Node fresh = Node.open(NodeConfigs.alone("node1", data), new SimpleMeterRegistry())) {
            assertThat(fresh.identity().forked()).isNull();
        }
    }

    @Test
    void give_whereverTheCommandEnded_isFinishedByTheNextOne() throws Exception {
        int operations = 0;
        for (Path left = interrupted(operations); left != null; left = interrupted(++operations)) {
            RescueOrder.give(left);

            ForkedDirectory.requireSetAside(left);
        }
    }

    @Test
    void settle_whereverTheCommandEnded_theStartOfTheNodeFinishesItOrFindsTheForkedDirectoryAsItWas() throws Exception {
        int operations = 0;
        for (Path left = interrupted(operations); left != null; left = interrupted(++operations)) {
            if (RescueOrder.settle(left).isPresent()) {
                ForkedDirectory.requireSetAside(left);
            } else {
                assertThat(left.resolve("RESCUE")).doesNotExist();
                try (Storage storage = DataDirectory.openForked(left)) {
                    assertThat(storage.deliveredCount()).isEqualTo(ForkedDirectory.UPDATES);
                }
            }
        }
    }

    @Test
    void give_powerLossAfterAnyOperation_isFinishedOrHasNotBegun() throws Exception {
        LosingDisk disk = new LosingDisk(parent);
        disk.force(parent);
        disk.force(data);
        List<Path> all = new ArrayList<>();
        disk.watch(() -> {
            Path left = parent.resolve("left" + all.size());
            all.add(left);
            try {
                disk.powerLoss(data, left);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });

        new RescueOrder(data, disk).give();

        assertThat(all).hasSizeGreaterThan(OPERATIONS_MIN);
        for (Path left : all) {
            RescueOrder.give(left);
            ForkedDirectory.requireSetAside(left);
        }
    }

    @Test
    void give_aDirectoryThatIsOpen_isRefused() {
        try (Node open = Node.open(NodeConfigs.alone("node1", data), new SimpleMeterRegistry())) {
            assertThatThrownBy(() -> RescueOrder.give(data))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("in use");
            assertThat(open.identity().forked()).isNotNull();
        }
        assertThat(data.resolve("RESCUE")).doesNotExist();
    }

    @Test
    void give_aVolumeThatIsMountedElsewhereLater_isStillFound() throws Exception {
        RescueOrder.give(data);
        Path elsewhere = parent.resolve("elsewhere");
        Files.move(data, elsewhere);

        assertThat(RescueOrder.settle(elsewhere)).hasValue(elsewhere.resolve("forked"));
    }

    @Test
    void give_oneWasSetAsideBefore_isRefused() throws Exception {
        Files.createDirectory(inside);

        assertThatThrownBy(() -> RescueOrder.give(data))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(inside + " exists");
        assertThat(data.resolve("db")).isDirectory();
        assertThat(data.resolve("RESCUE")).doesNotExist();
    }

    @Test
    void give_aDirectoryThatHasNotForked_isRefused() {
        Path other = parent.resolve("other");
        Node.open(NodeConfigs.alone("node2", other), new SimpleMeterRegistry()).close();

        assertThatThrownBy(() -> RescueOrder.give(other))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("has not forked");
        assertThat(other.resolve("RESCUE")).doesNotExist();
    }

    @Test
    void done_orderIsGone() {
        RescueOrder.give(data);

        new RescueOrder(data, new RealDisk()).done();

        assertThat(RescueOrder.settle(data)).isEmpty();
    }
}
