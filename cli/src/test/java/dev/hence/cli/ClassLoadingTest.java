package dev.hence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What makes a server takes long to load, so commands that need none must not load it. */
final class ClassLoadingTest {

    @Test
    void clientCall_loadsNothingOfTheServer() throws Exception {
        try (FakeNode node = new FakeNode("node1")) {
            assertThat(classesLoadedBy("client", node.url(), "write", "x", "A"))
                    .contains("dev.hence.client.HenceClient")
                    .noneMatch(ClassLoadingTest::isOfServer)
                    .noneMatch(name -> name.startsWith("org.jline"));
        }
    }

    @Test
    void helpOfServe_startsNoServer() throws Exception {
        assertThat(classesLoadedBy("serve", "--help"))
                .contains("dev.hence.node.config.Settings")
                .noneMatch(name -> isOfServer(name)
                        && !name.startsWith("dev.hence.node.config.")
                        // The values of a setting.
                        && !name.equals("dev.hence.core.replication.ReadyWhen"));
    }

    private static boolean isOfServer(String name) {
        return List.of(
                        "dev.hence.server.",
                        "dev.hence.core.",
                        "org.rocksdb.",
                        "org.eclipse.jetty.",
                        "org.slf4j.",
                        "ch.qos.")
                .stream()
                .anyMatch(name::startsWith);
    }

    private static List<String> classesLoadedBy(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:stdout",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.hence.cli.Main"));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines()
                .filter(line -> line.contains("[class,load]"))
                .map(line -> line.replaceFirst("^(\\[[^]]*])+ ", "").replaceFirst(" .*", ""))
                .toList();
    }
}
