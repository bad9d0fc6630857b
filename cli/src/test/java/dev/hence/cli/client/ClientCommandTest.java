package dev.hence.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.cli.CommandRun;
import dev.hence.cli.FakeNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ClientCommandTest {

    private FakeNode node;

    @BeforeEach
    void start() throws IOException {
        node = new FakeNode("node1");
        node.member("node2", 3, true, "connected", 0);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void write_thenRead_valueClockAndSession() {
        CommandRun written = CommandRun.of("client", node.url(), "write", "x", "A");
        CommandRun read = CommandRun.of("client", node.url(), "read", "x");

        assertThat(written.status()).isZero();
        assertThat(written.out()).containsExactly("x = A", "clock [1,3]  node1:1 node2:3", "session s1");
        assertThat(read).isEqualTo(written);
        assertThat(read.err()).isEmpty();
    }

    @Test
    void writeThenRead_json_sameMembersAsTheApi() throws Exception {
        assertThat(CommandRun.of("client", node.url(), "write", "x", "A", "--json")
                        .json()
                        .toString())
                .isEqualTo("{\"status\":\"ok\",\"key\":\"x\",\"value\":\"A\",\"node_id\":\"node1\","
                        + "\"vector_clock\":{\"node1\":1,\"node2\":3},\"session\":\"s1\"}");
        assertThat(CommandRun.of("client", "--json", node.url(), "read", "x")
                        .json()
                        .toString())
                .isEqualTo("{\"key\":\"x\",\"value\":\"A\",\"etag\":\"t\",\"siblings\":[],"
                        + "\"vector_clock\":{\"node1\":1,\"node2\":3},\"session\":\"s1\"}");
    }

    @Test
    void write_valueLikeANumberBelowZero_isNoOption() {
        assertThat(CommandRun.of("client", node.url(), "write", "x", "-5").out())
                .contains("x = -5");
        assertThat(CommandRun.of("client", node.url(), "write", "x", "--", "--json")
                        .out())
                .contains("x = --json");
    }

    @Test
    void read_concurrentValues_allShown() throws Exception {
        node.hold("colour", "red", "blue");

        assertThat(CommandRun.of("client", node.url(), "read", "colour").out())
                .startsWith("colour = red", "written concurrently, by node1:2: blue");
        assertThat(CommandRun.of("client", node.url(), "read", "colour", "--json")
                        .json()
                        .at("/siblings/0/value")
                        .asText())
                .isEqualTo("blue");
    }

    @Test
    void readOrDelete_absentKey_status1() throws Exception {
        CommandRun read = CommandRun.of("client", node.url(), "read", "nothing");
        CommandRun deleted = CommandRun.of("client", node.url(), "delete", "nothing", "--json");

        assertThat(read.status()).isEqualTo(1);
        assertThat(read.err()).isEqualTo("hence: nothing: absent (expected: a key with a value)\n");
        assertThat(deleted.status()).isEqualTo(1);
        assertThat(deleted.json().at("/error/code").asText()).isEqualTo("key-absent");
        assertThat(deleted.json().at("/session").asText()).isEqualTo("s0");
    }

    @Test
    void delete_presentKey_gone() {
        node.hold("x", "A");

        assertThat(CommandRun.of("client", node.url(), "delete", "x").out())
                .startsWith("x deleted", "clock [1,3]  node1:1 node2:3");
        assertThat(CommandRun.of("client", node.url(), "read", "x").status()).isEqualTo(1);
    }

    @Test
    void scan_prefixAndLimit_inOrder() throws Exception {
        node.hold("b2", "two");
        node.hold("b1", "one");
        node.hold("c", "three");

        assertThat(CommandRun.of("client", node.url(), "scan", "b").out())
                .startsWith("b1  one", "b2  two", "2 keys", "clock [0,3]  node1:0 node2:3");
        assertThat(CommandRun.of("client", node.url(), "scan", "--limit", "1").out())
                .startsWith("b1  one", "1 key; there are more: raise --limit");
        assertThat(CommandRun.of("client", node.url(), "scan", "--limit=2", "--json")
                        .json()
                        .toString())
                .startsWith(
                        "{\"items\":[{\"key\":\"b1\",\"value\":\"one\",\"type\":\"string\",\"etag\":\"t\"},{\"key\":\"b2\"")
                .contains("\"more\":true,");
    }

    @Test
    void scan_limitBeyondAPage_goesOnFromPageToPage() throws Exception {
        for (int i = 0; i < 1_500; i++) {
            node.hold("k%04d".formatted(i), "v");
        }

        assertThat(CommandRun.of("client", node.url(), "scan", "--limit", "1200", "--json")
                        .json()
                        .get("items"))
                .hasSize(1_200);
    }

    @Test
    void status_json_isTheNodesOwn() throws Exception {
        assertThat(CommandRun.of("client", node.url(), "status", "--json")
                        .json()
                        .get("node_id")
                        .asText())
                .isEqualTo("node1");
        assertThat(CommandRun.of("client", node.url(), "status").out()).anyMatch(line -> line.startsWith("node1 "));
    }

    @Test
    void read_sessionThatTheNodeHasNot_status4() throws Exception {
        CommandRun run =
                CommandRun.of("client", node.url(), "read", "x", "--session", "s7", "--timeout", "200ms", "--json");

        assertThat(run.status()).isEqualTo(4);
        assertThat(run.json().at("/error/code").asText()).isEqualTo("session-behind");
        assertThat(run.json().at("/error/definite").asBoolean()).isTrue();
    }

    @Test
    void anyRequest_nobodyListens_status3() {
        node.close();
        CommandRun run = CommandRun.of("client", node.url(), "write", "x", "A");

        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err()).startsWith("hence: unreachable: ").hasLineCount(1);
    }

    @Test
    void anyRequest_secondUrlAnswers_ok() throws IOException {
        try (FakeNode gone = new FakeNode("node2")) {
            gone.stop();
            assertThat(CommandRun.of("client", gone.url() + "," + node.url(), "write", "x", "A")
                            .status())
                    .isZero();
        }
    }

    @Test
    void anyRequest_nodeStarting_status3() {
        node.refuseAll(503, "not-ready");

        assertThat(CommandRun.of("client", node.url(), "read", "x").status()).isEqualTo(3);
    }

    @Test
    void write_nodeRefuses_status1() {
        node.refuseAll(413, "value-too-large");

        CommandRun run = CommandRun.of("client", node.url(), "write", "x", "A");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).startsWith("hence: value-too-large: made up for a test");
    }

    @Test
    void write_answerLost_status5() {
        node.loseAnswers();

        assertThat(CommandRun.of("client", node.url(), "write", "x", "A").status())
                .isEqualTo(5);
        assertThat(CommandRun.of("client", node.url(), "read", "x").status()).isEqualTo(3);
    }

    @Test
    void wrongRequests_status2AndNothingTried() {
        node.close();
        for (String[] wrong : new String[][] {
            {"client", node.url(), "wriet", "x", "A"},
            {"client", node.url(), "write", "x"},
            {"client", node.url(), "read", "x", "y"},
            {"client", node.url(), "read", "x", "--limit", "0"},
            {"client", node.url(), "read", "x", "--timeout", "0"},
            {"client", "ftp://localhost:1", "read", "x"},
            {"client", node.url(), "read", "x", "--session", "a b"}
        }) {
            CommandRun run = CommandRun.of(wrong);
            assertThat(run.status()).as(String.join(" ", wrong)).isEqualTo(2);
            assertThat(run.err()).contains("(expected: ");
        }
    }
}
