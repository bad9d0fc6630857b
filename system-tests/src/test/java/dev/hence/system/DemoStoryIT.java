package dev.hence.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The story that {@code hence demo} tells and checks: its exit status reports whether every step held. */
class DemoStoryIT {

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @Test
    void demo_nodesOfItsOwn_everyStepHolds() throws Exception {
        CommandRun demo = CommandRun.of(clusters.directory(), "demo");

        assertThat(demo.status()).as("%s", demo).isZero();
        assertThat(demo.output()).contains("[1,1,0]").contains("Every step succeeded.");
        assertThat(clusters.directory().resolve("tmp"))
                .as("what it leaves behind")
                .isEmptyDirectory();
    }

    @Test
    void demo_anotherAtTheSameTime_bothTellTheStoryToItsEnd() throws Exception {
        List<FutureTask<CommandRun>> demos = new ArrayList<>();
        for (String name : List.of("one", "other")) {
            Path directory = Files.createDirectories(clusters.directory().resolve(name));
            FutureTask<CommandRun> demo = new FutureTask<>(() -> CommandRun.of(directory, "demo"));
            Thread.ofVirtual().start(demo);
            demos.add(demo);
        }
        for (FutureTask<CommandRun> demo : demos) {
            CommandRun run = demo.get();
            assertThat(run.status()).as("%s", run).isZero();
            assertThat(run.output()).contains("Every step succeeded.");
        }
    }

    @Test
    void demo_againstRunningNodes_everyStepHoldsEachTime() throws Exception {
        Cluster cluster = clusters.start(3);
        String urls = cluster.nodes().stream()
                .map(node -> "http://localhost:" + node.port())
                .collect(Collectors.joining(","));

        for (int time = 1; time <= 2; time++) {
            CommandRun demo = CommandRun.of(clusters.directory(), "demo", "--against", urls);

            assertThat(demo.status()).as("%s", demo).isZero();
        }
        cluster.awaitConverged();
    }
}
