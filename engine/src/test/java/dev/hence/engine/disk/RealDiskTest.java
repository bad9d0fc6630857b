package dev.hence.engine.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RealDiskTest {

    @TempDir
    Path temporary;

    @Test
    void rewrite_fileOfSeveralParts_keepsContentAndInode() throws IOException {
        byte[] content = new byte[(2 << 20) + 77];
        new Random(1).nextBytes(content);
        Path file = temporary.resolve("file");
        Files.write(file, content);
        Object inode = Files.getAttribute(file, "unix:ino");

        new RealDisk().rewrite(file);

        assertThat(Files.readAllBytes(file)).isEqualTo(content);
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
    }

    @Test
    void force_threadIsInterrupted_isDoneAndTheThreadStaysInterrupted() throws IOException {
        Thread.currentThread().interrupt();
        new RealDisk().force(temporary);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void force_interruptedAgainAndAgain_isDone() throws Exception {
        FutureTask<Boolean> forcing = new FutureTask<>(() -> {
            for (int i = 0; i < 200; i++) {
                new RealDisk().force(temporary);
            }
            return true;
        });
        Thread thread = Thread.ofPlatform().start(forcing);
        for (int i = 0; i < 2_000; i++) {
            thread.interrupt();
        }
        assertThat(forcing.get()).isTrue();
    }
}
