package dev.hence.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.update.Update;
import dev.hence.engine.log.LogReader;
import dev.hence.engine.log.LogVerifier;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoredLogTest {

    @TempDir
    Path directory;

    private Storage open() {
        return DataDirectory.open(directory, "node1", "hence", FsyncPolicy.ALWAYS);
    }

    private static List<Update> read(Path log) throws IOException {
        List<Update> updates = new ArrayList<>();
        LogReader.of(log, true).forEach(0, frame -> updates.addAll(frame.updates()));
        return updates;
    }

    @Test
    void find_runningNode_isReadWhileItWrites() throws IOException {
        try (Storage storage = open()) {
            Batches node = new Batches(storage);
            List<Update> written = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                written.add(node.set("key", "value" + i));
                assertThat(read(StoredLog.find(directory))).isEqualTo(written);
            }
            assertThat(LogVerifier.verify(StoredLog.find(directory)).isWhole()).isTrue();
        }
    }

    @Test
    void find_stoppedNode_changesNothing() throws IOException {
        try (Storage storage = open()) {
            new Batches(storage).set("key", "value");
        }
        Map<String, String> before = Crash.contents(directory);

        assertThat(read(StoredLog.find(directory))).hasSize(1);

        assertThat(Crash.contents(directory)).isEqualTo(before);
    }

    @Test
    void find_emptyFormatFile_isNoReasonToRefuse() throws IOException {
        open().close();
        Files.writeString(directory.resolve("FORMAT"), "");

        assertThat(StoredLog.find(directory)).isEqualTo(directory.resolve("log"));
    }

    @Test
    void find_otherFormats_areRefused() throws IOException {
        open().close();
        Files.writeString(directory.resolve("FORMAT"), "4\n");
        assertThatThrownBy(() -> StoredLog.find(directory))
                .isInstanceOf(StorageException.class)
                .hasMessage(
                        "data directory: " + directory + " has format 4, of an earlier version of Hence, with its log"
                                + " in the database (expected: " + DirectoryFormat.CURRENT + ")");

        Files.writeString(directory.resolve("FORMAT"), "99\n");
        assertThatThrownBy(() -> StoredLog.find(directory))
                .hasMessageContaining("has format 99, of a later version of Hence (expected: ");
    }

    @Test
    void find_noDataDirectory_isRefused() throws IOException {
        assertThatThrownBy(() -> StoredLog.find(directory))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("has no directory log");
        assertThatThrownBy(() -> StoredLog.find(directory.resolve("absent")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("does not exist");
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> StoredLog.find(file)).hasMessageContaining("is not a directory");
    }

    @Test
    void unreadable_noPermission_isSaid() {
        assertThat(StoredLog.unreadable(Path.of("data"), new AccessDeniedException("data/log")))
                .hasMessage("data directory: data cannot be read: data/log: permission denied");
    }
}
