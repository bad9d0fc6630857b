package dev.hence.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.property.Eventually;
import dev.hence.system.cluster.Distribution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher gives the JVM a heap for the memory that a node is to take, wherever that is set. */
class MemorySettingIT {

    private static final Pattern HEAP = Pattern.compile("a heap of at most (\\d+) MiB");

    @TempDir
    Path directory;

    @Test
    void serve_memoryGiven_heapIsWhatTheRestLeaves() throws Exception {
        // An eighth and 96 MiB less; the JVM counts a part of the young generation out.
        assertThat(heapMib(Map.of(), "--memory", "1GiB")).isBetween(740, 800);
        assertThat(heapMib(Map.of("HENCE_MEMORY", "2 GiB"))).isBetween(1_600, 1_696);
        assertThat(heapMib(Map.of("HENCE_MEMORY", "2GiB"), "--memory=512MiB")).isBetween(290, 352);
        Path file = Files.writeString(directory.resolve("hence.properties"), "memory = 1048576 KiB\n");
        assertThat(heapMib(Map.of(), "--config", file.toString())).isBetween(740, 800);
    }

    @Test
    void serve_memoryTooSmall_refusedWithWhatIsExpected() throws Exception {
        assertThat(output(Map.of(), "--memory", "100MiB"))
                .contains("memory: \"100MiB\", from --memory")
                .contains("384 MiB");
    }

    /** The heap that the node names at its start, which then fails. */
    private int heapMib(Map<String, String> environment, String... arguments) throws Exception {
        String output = output(environment, arguments);
        Matcher heap = HEAP.matcher(output);
        assertThat(heap.find()).as(output).isTrue();
        return Integer.parseInt(heap.group(1));
    }

    private String output(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Path noDirectory = Files.writeString(directory.resolve("file"), "");
        List<String> all = new ArrayList<>(List.of("serve", "--node-id", "node1", "--data", noDirectory.toString()));
        all.addAll(List.of(arguments));
        ProcessBuilder builder = Distribution.command(directory, all).redirectErrorStream(true);
        builder.environment().put("HENCE_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(process.exitValue()).as(output).isNotZero();
        return output;
    }
}
