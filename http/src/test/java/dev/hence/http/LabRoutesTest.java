package dev.hence.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.node.peers.FaultInjector;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LabRoutesTest {

    /** Links that record their settings. */
    private static final class RememberedLinks implements FaultInjector {
        private final Map<String, Link> links = new TreeMap<>();

        RememberedLinks() {
            for (String name : new String[] {"node2", "node3"}) {
                links.put(name, new Link(name, Mode.OPEN, 0, 0));
            }
        }

        @Override
        public synchronized List<Link> links() {
            return List.copyOf(links.values());
        }

        @Override
        public synchronized Optional<Link> set(String from, Mode mode, int delayMillis) {
            return Optional.ofNullable(
                    links.computeIfPresent(from, (name, old) -> new Link(name, mode, delayMillis, 0)));
        }
    }

    @TempDir
    Path data;

    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        node = TestNode.at(data).lab(new RememberedLinks()).start();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void links_areListedAndSet() throws Exception {
        assertThat(node.get("/lab/links").body())
                .isEqualTo("{\"links\":[{\"from\":\"node2\",\"mode\":\"open\",\"delay_millis\":0,\"held\":0},"
                        + "{\"from\":\"node3\",\"mode\":\"open\",\"delay_millis\":0,\"held\":0}]}");
        assertThat(node.put("/lab/links/node2", "{\"mode\":\"delay\",\"delay_millis\":250}")
                        .body())
                .isEqualTo("{\"from\":\"node2\",\"mode\":\"delay\",\"delay_millis\":250,\"held\":0}");
        for (String mode : new String[] {"hold", "reorder", "cut", "open"}) {
            assertThat(node.put("/lab/links/node3", "{\"mode\":\"" + mode + "\"}")
                            .body())
                    .contains("\"mode\":\"" + mode + "\"");
        }
        assertThat(node.get("/lab/links").body()).contains("\"delay_millis\":250");
    }

    @Test
    void set_malformed_isRefused() throws Exception {
        assertRefused("{\"mode\":\"slow\"}", "mode: \"slow\" (expected: one of open, hold, delay, reorder, cut)");
        assertRefused("{\"mode\":\"delay\"}", "delay_millis: missing (expected: 1 to 60000)");
        assertRefused("{\"mode\":\"hold\",\"delay_millis\":5}", "delay_millis: 5 (expected: only with mode delay)");
        assertRefused(
                "{\"mode\":\"delay\",\"delay_millis\":60001}",
                "delay_millis: 60001 (expected: a whole number, 1 to 60000)");
        assertRefused("{}", "mode: missing (expected: a value)");
    }

    @Test
    void set_unknownPeer_isNotFound() throws Exception {
        Problem.of(node.put("/lab/links/node9", "{\"mode\":\"hold\"}"))
                .is(404, "not-found", true)
                .hasDetail("link from node9: does not exist (expected: node2, node3)");
    }

    private void assertRefused(String body, String detail) throws Exception {
        Problem.of(node.put("/lab/links/node2", body))
                .is(400, "bad-request", true)
                .hasDetail(detail);
    }
}
