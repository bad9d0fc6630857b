package dev.hence.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.cli.CommandRun;
import dev.hence.cli.FakeNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the demo says when it cannot be told. That it can, is for the system tests. */
final class DemoCommandTest {

    private FakeNode node1;
    private FakeNode node2;
    private FakeNode node3;

    @BeforeEach
    void start() throws IOException {
        node1 = new FakeNode("node1");
        node2 = new FakeNode("node2");
        node3 = new FakeNode("node3");
    }

    @AfterEach
    void stop() {
        node1.close();
        node2.close();
        node3.close();
    }

    @Test
    void against_twoNodes_usageError() {
        CommandRun run = CommandRun.of("demo", "--against", node1.url() + "," + node2.url());

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("hence: nodes: 2 (expected: three URLs)\n");
    }

    @Test
    void against_nodeWithoutLab_saidSo() {
        node1.openLab();
        node3.openLab();
        CommandRun run = against();

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("hence: node2 at " + node2.url()
                        + ": its links cannot be held (expected: a node started with --lab)\n");
    }

    @Test
    void against_sameNodeTwice_saidSo() {
        CommandRun run = CommandRun.of("demo", "--against", String.join(",", node1.url(), node2.url(), node1.url()));

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("hence: nodes: node1, node1, node2 of [hence] (expected: three nodes of one cluster)\n");
    }

    @Test
    void against_nodeGone_status3() {
        node3.close();

        assertThat(against().status()).isEqualTo(3);
    }

    @Test
    void against_withKeep_usageError() {
        assertThat(CommandRun.of("demo", "--keep", "--against", "a,b,c").status())
                .isEqualTo(2);
    }

    private CommandRun against() {
        return CommandRun.of("demo", "--against", String.join(",", node3.url(), node2.url(), node1.url()));
    }
}
