package dev.hence.engine.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
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
}
