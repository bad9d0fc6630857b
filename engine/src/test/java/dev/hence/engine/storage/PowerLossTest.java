package dev.hence.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import dev.hence.engine.disk.LosingDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A power loss on a disk that keeps only what was forced. */
final class PowerLossTest {

    @TempDir
    Path temporary;

    private Path root;
    private LosingDisk disk;

    @BeforeEach
    void makeDisk() throws IOException {
        root = Files.createDirectory(temporary.resolve("disk"));
        disk = new LosingDisk(root);
    }

    private Path directory() {
        return root.resolve("hence/data");
    }

    private Storage open(Path directory) {
        return DataDirectory.open(directory, "node1", "hence", FsyncPolicy.ALWAYS, disk);
    }

    private Path left(String name) {
        return temporary.resolve(name);
    }

    @Test
    void acknowledged_rightAfterTheFirstStart_isThereAfterAPowerLoss() throws IOException {
        try (Storage storage = open(directory())) {
            new Batches(storage).set("x", "A");
            storage.sync();
            disk.powerLoss(directory(), left("left"));
        }
        assertThat(left("left").resolve("FORMAT")).hasContent("5");
        assertThat(left("left").resolve("LAST_RUN")).content().startsWith("ALWAYS");
        assertThat(left("left").resolve("INCARNATION")).content().startsWith("node1~");
        try (Storage storage = DataDirectory.open(left("left"), "node1", "hence", FsyncPolicy.ALWAYS)) {
            assertThat(storage.head(Bytes.utf8("x")).isEmpty()).isFalse();
        }
    }

    @Test
    void powerLoss_afterAnyOperationOfAFirstStart_leavesADirectoryThatCanBeOpened() throws IOException {
        requireOpenableAfterEveryOperation(() -> open(directory()).close());
    }

    @Test
    void powerLoss_afterAnyOperationOfALaterStart_leavesADirectoryThatHasEverything() throws IOException {
        try (Storage storage = open(directory())) {
            new Batches(storage).set("x", "A");
        }
        List<Path> all =
                requireOpenableAfterEveryOperation(() -> open(directory()).close());
        for (Path left : all) {
            try (Storage storage = DataDirectory.open(left, "node1", "hence", FsyncPolicy.ALWAYS)) {
                assertThat(storage.head(Bytes.utf8("x")).isEmpty())
                        .as("%s", left)
                        .isFalse();
            }
        }
    }

    private List<Path> requireOpenableAfterEveryOperation(Runnable start) {
        List<Path> all = new ArrayList<>();
        disk.watch(() -> {
            Path left = left("left" + all.size());
            all.add(left);
            try {
                disk.powerLoss(directory(), left);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
        start.run();
        assertThat(all).hasSizeGreaterThan(8);
        for (Path left : all) {
            DataDirectory.open(left, "node1", "hence", FsyncPolicy.ALWAYS).close();
        }
        return all;
    }
}
