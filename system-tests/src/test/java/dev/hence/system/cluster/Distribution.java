package dev.hence.system.cluster;

import dev.hence.property.Eventually;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The distribution under test. Its processes are started by its launcher, with the JVM that runs the tests, in a small
 * heap, and with light compilation because they are short-lived.
 */
public final class Distribution {

    private static final String JVM_FLAGS = "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

    private Distribution() {}

    /** The location of the distribution. */
    private static final class Home {
        private static final Path LAUNCHER = prepared();

        /**
         * The launcher, after it has created its ahead-of-time cache: otherwise processes that start at the same time
         * would each create one.
         */
        private static Path prepared() {
            String home = System.getProperty("hence.home");
            if (home == null) {
                throw new IllegalStateException("hence.home: not set (expected: the distribution, cli/target/hence)");
            }
            Path launcher = Path.of(home, "bin", "hence").toAbsolutePath().normalize();
            if (!Files.isExecutable(launcher)) {
                throw new IllegalStateException(launcher + ": not there (expected: ./mvnw package has been run)");
            }
            try {
                Process process = process(launcher, List.of("--version"))
                        .redirectErrorStream(true)
                        .start();
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (!process.waitFor(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                    throw new IllegalStateException(launcher + " --version: " + output);
                }
                return launcher;
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }
    }

    /**
     * A process of {@code hence} with these arguments, not started yet.
     *
     * @param temporary the directory of its temporary files; its name has no spaces
     */
    public static ProcessBuilder command(Path temporary, List<String> arguments) {
        ProcessBuilder builder = process(Home.LAUNCHER, arguments);
        builder.environment().put("HENCE_JAVA_OPTS", JVM_FLAGS + " -Djava.io.tmpdir=" + temporary);
        return builder;
    }

    /**
     * A process of a test program with the classes of the distribution, not started yet.
     *
     * @param temporary the directory of its temporary files
     */
    static ProcessBuilder program(Path temporary, Class<?> main, List<String> arguments) {
        Path jars = Home.LAUNCHER.resolveSibling("../lib").normalize();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JVM_FLAGS.split(" ")));
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                codeSource(main) + File.pathSeparator + jars.resolve("*"),
                main.getName()));
        command.addAll(arguments);
        return unconfigured(new ProcessBuilder(command));
    }

    private static Path codeSource(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException unusable) {
            throw new IllegalStateException(type + ": " + unusable, unusable);
        }
    }

    private static ProcessBuilder process(Path launcher, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(arguments);
        return unconfigured(new ProcessBuilder(command));
    }

    private static ProcessBuilder unconfigured(ProcessBuilder builder) {
        // The environment of the tests must not configure the nodes.
        List.of("NODE_ID", "PEERS", "PORT", "DATA_DIR", "CLUSTER_NAME", "LAB", "FSYNC", "HOST", "LOG_UPDATES")
                .forEach(builder.environment()::remove);
        builder.environment().keySet().removeIf(name -> name.startsWith("HENCE_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }
}
