package dev.hence.server.rescue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.datatype.Bytes;
import dev.hence.server.runtime.Node;
import dev.hence.server.storage.DataDirectory;
import dev.hence.server.storage.Storage;
import dev.hence.server.storage.StorageException;
import dev.hence.server.storage.disk.Disk;
import dev.hence.server.storage.disk.RealDisk;
import dev.hence.server.testing.NodeConfigs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RescueOrderTest {

    @TempDir
    Path parent;

    private Path data;
    private Path beside;
    private Path inside;

    @BeforeEach
    void fork() throws Exception {
        data = parent.resolve("node1");
        beside = parent.resolve("node1.forked");
        inside = data.resolve("forked");
        try (Node node = Node.open(NodeConfigs.alone("node1", data), new SimpleMeterRegistry())) {
            node.write(transaction -> {
                transaction.set(Bytes.utf8("x"), Bytes.utf8("1"));
                return true;
            });
            node.differing(new Dot(node.self(), 1));
        }
    }

    /** The file system of a volume: its root is busy. It may also end with the process after so many renames. */
    private class Volume implements Disk {
        private final Disk real = new RealDisk();
        private int renamesLeft;

        Volume(int renamesMax) {
            this.renamesLeft = renamesMax;
        }

        @Override
        public void createDirectory(Path directory) throws IOException {
            real.createDirectory(directory);
        }

        @Override
        public void write(Path file, byte[] content) throws IOException {
            real.write(file, content);
        }

        @Override
        public void copy(Path from, long offset, Path to) throws IOException {
            real.copy(from, offset, to);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            if (from.equals(data)) {
                throw new FileSystemException(from.toString(), to.toString(), "Device or resource busy");
            }
            if (renamesLeft-- == 0) {
                throw new IOException("the process ends");
            }
            real.rename(from, to);
        }

        @Override
        public void delete(Path file) throws IOException {
            real.delete(file);
        }

        @Override
        public void force(Path fileOrDirectory) throws IOException {
            real.force(fileOrDirectory);
        }
    }

    private void requireSetAside(Path aside) {
        assertThat(RescueOrder.of(data)).hasValue(aside);
        assertThat(data.resolve("db")).doesNotExist();
        try (Storage storage = DataDirectory.openForked(aside)) {
            assertThat(storage.recovered().identity().forked()).isNotNull();
            assertThat(storage.deliveredCount()).isEqualTo(1);
        }
    }

    @Test
    void give_aDirectoryThatCanBeRenamed_isRenamed() {
        assertThat(RescueOrder.give(data)).isEqualTo(beside);

        requireSetAside(beside);
        assertThat(RescueOrder.give(data)).isEqualTo(beside);
    }

    @Test
    void give_aMountPoint_itsContentIsMovedIntoADirectoryInside() throws Exception {
        Files.createDirectory(data.resolve("lost+found"));

        assertThat(RescueOrder.give(data, new Volume(1_000))).isEqualTo(inside);

        requireSetAside(inside);
        assertThat(beside).doesNotExist();
        assertThat(data.resolve("lost+found")).isDirectory();
        assertThat(inside.resolve("INCARNATION")).isRegularFile();
        try (Node fresh = Node.open(NodeConfigs.alone("node1", data), new SimpleMeterRegistry())) {
            assertThat(fresh.forked()).isNull();
        }
    }

    @Test
    void give_aMountPoint_isGivenAgainWhereverTheProcessEnded() {
        int renames = 0;
        while (true) {
            try {
                RescueOrder.give(data, new Volume(renames % 2));
                break;
            } catch (StorageException ended) {
                assertThat(ended).hasMessageContaining("the process ends");
            }
            renames++;
        }

        assertThat(renames).isGreaterThan(3);
        requireSetAside(inside);
    }

    @Test
    void give_aVolumeThatIsMountedElsewhereLater_isStillFound() throws Exception {
        RescueOrder.give(data, new Volume(1_000));
        Path elsewhere = parent.resolve("elsewhere");
        Files.move(data, elsewhere);

        assertThat(RescueOrder.of(elsewhere)).hasValue(elsewhere.resolve("forked"));
    }

    @Test
    void give_oneWasSetAsideBefore_isRefused() throws Exception {
        Files.createDirectory(beside);

        assertThatThrownBy(() -> RescueOrder.give(data))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(beside + " exists");
        assertThat(data.resolve("db")).isDirectory();
    }

    @Test
    void done_orderIsGone() {
        RescueOrder.give(data);

        RescueOrder.done(data);

        assertThat(RescueOrder.of(data)).isEmpty();
    }
}
