package dev.hence.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.engine.disk.AppendFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SimulatedDiskTest {
    private static final Path DIRECTORY = Path.of("log");
    private static final Path FILE = DIRECTORY.resolve("a");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(SimulatedDisk disk) throws IOException {
        return new String(disk.read(FILE, 10_000), StandardCharsets.US_ASCII);
    }

    private static SimulatedDisk disk(long seed, String forced, String unforced) throws IOException {
        SimulatedDisk disk = new SimulatedDisk(new Chance(seed));
        AppendFile file = disk.open(FILE);
        file.append(bytes(forced), 0, forced.length());
        file.force();
        disk.force(DIRECTORY);
        file.append(bytes(unforced), 0, unforced.length());
        return disk;
    }

    @Test
    void losePower_forced_isKeptAndOfTheRestAnySectors() throws IOException {
        Set<String> left = new HashSet<>();
        for (int seed = 0; seed < 400; seed++) {
            SimulatedDisk disk = disk(seed, "f".repeat(64), "1".repeat(64) + "2".repeat(64));

            disk.losePower();

            String text = text(disk);
            assertThat(text).startsWith("f".repeat(64));
            assertThat(text.length()).isBetween(64, 192);
            if (text.length() == 192) {
                left.add(text.substring(64, 65) + text.substring(128, 129));
            }
        }
        assertThat(left).containsExactlyInAnyOrder("12", "1\0", "\0" + "2", "\0\0");
    }

    @Test
    void losePower_twice_changesNothingMore() throws IOException {
        SimulatedDisk disk = disk(1, "forced", "x".repeat(500));
        disk.losePower();
        String once = text(disk);

        disk.losePower();

        assertThat(text(disk)).isEqualTo(once);
    }

    @Test
    void losePower_nameNotForced_isThereOrNot() throws IOException {
        Set<Boolean> there = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            SimulatedDisk disk = new SimulatedDisk(new Chance(seed));
            disk.write(FILE, bytes("content"));
            disk.force(FILE);
            disk.losePower();
            there.add(disk.exists(FILE));
        }
        assertThat(there).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void losePower_deletionNotForced_mayBringTheFileBack() throws IOException {
        Set<Boolean> there = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            SimulatedDisk disk = disk(seed, "forced", "");
            disk.delete(FILE);
            disk.losePower();
            there.add(disk.exists(FILE));
        }
        assertThat(there).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void failNextForce_laterForcesSucceed_butWhatItShouldHaveWrittenIsLost() throws IOException {
        SimulatedDisk disk = disk(1, "f".repeat(64), "1".repeat(64));
        AppendFile file = disk.open(FILE);
        disk.failNextForce();
        assertThatThrownBy(file::force).isInstanceOf(IOException.class);
        file.append(bytes("2".repeat(64)), 0, 64);
        file.force();
        assertThat(text(disk)).as("processes see it").isEqualTo("f".repeat(64) + "1".repeat(64) + "2".repeat(64));

        disk.losePower();

        assertThat(text(disk)).isEqualTo("f".repeat(64) + "\0".repeat(64) + "2".repeat(64));
    }

    @Test
    void rewrite_afterAFailedForce_isWrittenByTheNext() throws IOException {
        SimulatedDisk disk = disk(1, "f".repeat(64), "1".repeat(64));
        disk.failNextForce();
        assertThatThrownBy(() -> disk.force(FILE)).isInstanceOf(SimulatedDisk.ForceFailedException.class);
        disk.rewrite(FILE);
        disk.force(FILE);

        disk.losePower();

        assertThat(text(disk)).isEqualTo("f".repeat(64) + "1".repeat(64));
    }

    @Test
    void append_isWrittenInTwoParts() throws IOException {
        SimulatedDisk disk = disk(7, "", "");
        List<Long> sizes = new ArrayList<>();
        AppendFile file = disk.open(FILE);
        disk.watch(() -> sizes.add(file.size()));

        file.append(bytes("0123456789"), 0, 10);

        assertThat(sizes).hasSize(1).allMatch(size -> size < 10);
        assertThat(text(disk)).isEqualTo("0123456789");
    }

    @Test
    void copy_isForcedAndIndependent() throws IOException {
        SimulatedDisk disk = disk(1, "forced", " and not");

        SimulatedDisk copy = disk.copy(new Chance(2));
        disk.delete(FILE);
        copy.losePower();

        assertThat(text(copy)).isEqualTo("forced and not");
    }
}
