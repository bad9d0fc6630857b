package dev.hence.system.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The distribution under test, and how its processes are started: as the launcher does it, with the JVM that
 * runs the tests, in a small heap, and compiled lightly because they live shortly.
 */
public final class Distribution {

    private static final List<String> JVM_FLAGS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1");

    private Distribution() {}

    /**
     * A process of {@code hence} with these arguments, not started yet.
     *
     * @param temporary where it puts its temporary files
     */
    public static ProcessBuilder command(Path temporary, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_FLAGS);
        command.add("-Djava.io.tmpdir=" + temporary);
        command.add("-cp");
        command.add(libraries() + "/*");
        command.add("dev.hence.cli.Main");
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        // What the tests run in must not configure the nodes.
        List.of("NODE_ID", "PEERS", "PORT", "DATA_DIR", "CLUSTER_NAME", "LAB", "FSYNC", "HOST", "LOG_UPDATES")
                .forEach(builder.environment()::remove);
        builder.environment().keySet().removeIf(name -> name.startsWith("HENCE_"));
        return builder;
    }

    private static Path libraries() {
        String home = System.getProperty("hence.home");
        if (home == null) {
            throw new IllegalStateException("hence.home: not set (expected: the distribution, cli/target/hence)");
        }
        Path libraries = Path.of(home, "lib").toAbsolutePath().normalize();
        if (!Files.isDirectory(libraries)) {
            throw new IllegalStateException(libraries + ": not there (expected: ./mvnw package has been run)");
        }
        return libraries;
    }
}
