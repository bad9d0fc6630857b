package dev.hence.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hence.cli.CommandRun;
import dev.hence.cli.FakeNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class StatusCommandTest {

    private FakeNode node1;
    private FakeNode node2;

    @BeforeEach
    void start() throws IOException {
        node1 = new FakeNode("node1");
        node2 = new FakeNode("node2");
        node1.member("node2", 0, true, "connected", 0);
        node2.member("node1", 0, true, "connected", 0);
    }

    @AfterEach
    void stop() {
        node1.close();
        node2.close();
    }

    @Test
    void status_allReachable_aRowEach() {
        CommandRun run = CommandRun.of("status", node1.url(), node2.url());

        assertThat(run.status()).isZero();
        assertThat(run.out())
                .containsExactly(
                        "NODE   URL                     CLOCK  MEMBERS  LAG  WAITING  KEYS  FSYNC   UP",
                        "node1  " + node1.url() + "  [0,0]  1/1      0    0        0     always  1m 1s",
                        "node2  " + node2.url() + "  [0,0]  1/1      0    0        0     always  1m 1s",
                        "clocks count the updates of node1, node2");
    }

    @Test
    void status_oneUnreachable_shownAndStatus3() throws Exception {
        node2.close();
        CommandRun run = CommandRun.of("status", node1.url(), node2.url());
        CommandRun json = CommandRun.of("status", "--json", node1.url(), node2.url());

        assertThat(run.status()).isEqualTo(3);
        assertThat(run.out()).anyMatch(line -> line.startsWith("node1  " + node1.url()));
        assertThat(run.out()).anyMatch(line -> line.startsWith("?      " + node2.url() + "  unreachable: "));
        assertThat(json.status()).isEqualTo(3);
        JsonNode gone = json.json().at("/nodes/1");
        assertThat(gone.get("reachable").asBoolean()).isFalse();
        assertThat(gone.at("/error/code").asText()).isEqualTo("unreachable");
    }

    @Test
    void status_nodeBehind_lagFromTheClocksOfOthers() throws Exception {
        CommandRun.of("client", node1.url(), "write", "x", "A");
        CommandRun.of("client", node1.url(), "write", "x", "B");
        JsonNode nodes = CommandRun.of("status", "--json", node1.url(), node2.url())
                .json()
                .get("nodes");

        assertThat(nodes.at("/0/lag").asLong()).isZero();
        assertThat(nodes.at("/1/lag").asLong()).isEqualTo(2);
        assertThat(nodes.at("/1/status/node_id").asText()).isEqualTo("node2");
    }

    @Test
    void status_nodeBehindOneThatIsNotAsked_lagFromItsMembers() throws Exception {
        node1.member("node3", 4, true, "connected", 5);

        assertThat(CommandRun.of("status", "--json", node1.url())
                        .json()
                        .at("/nodes/0/lag")
                        .asLong())
                .isEqualTo(5);
    }

    @Test
    void status_bufferedUpdates_saidWhatTheyWaitFor() {
        node2.buffer("node3", 7, "comment", "node1", 4);
        CommandRun run = CommandRun.of("status", node2.url());

        assertThat(run.out()).contains("node2 buffers node3:7 (comment), for 1s: it waits for node1:4");
    }

    @Test
    void status_memberNotConnected_saidWhy() {
        node1.member("node3", 0, false, "refused: another cluster", 0);
        CommandRun run = CommandRun.of("status", node1.url());

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("node1 does not read from node3: refused: another cluster");
        assertThat(run.out()).anyMatch(line -> line.contains("  1/2  "));
    }
}
