package dev.hence.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.hence.property.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No token is lost, however many calls run at the same time, and no request carries too many. */
@Timeout(Eventually.TEST_SECONDS_MAX)
final class SessionTest {

    @Test
    void replace_twoAnswersAtTheSameTime_keepsBoth() {
        Session session = Session.of("old");
        List<String> sent = session.tokens();

        session.replace(sent, List.of("one"));
        session.replace(sent, List.of("other"));

        assertThat(session.tokens()).containsExactly("one", "other");
        session.replace(session.tokens(), List.of("both"));
        assertThat(session.tokens()).containsExactly("both");
    }

    @Test
    void replace_answerBringsTheTokenThatWasSent_keepsIt() {
        Session session = Session.of("same");

        session.replace(session.tokens(), List.of("same"));

        assertThat(session.tokens()).containsExactly("same");
    }

    @Test
    void of_tokensJoinedByCommas_areTakenApart() {
        assertThat(Session.of(" a, b,,c ").tokens()).containsExactly("a", "b", "c");
        assertThat(Session.of("").tokens()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> Session.of("a b"));
        assertThatIllegalArgumentException().isThrownBy(() -> Session.of("ä"));
    }

    @Test
    void part_isWhatOneRequestCanCarry() {
        List<String> many = IntStream.range(0, 100).mapToObj(n -> "t" + n).toList();
        String large = "x".repeat(Session.TOKEN_CHARS_SENT_MAX);

        assertThat(Session.part(many)).isEqualTo(many.subList(0, Session.TOKENS_SENT_MAX));
        assertThat(Session.part(List.of("a", "b"))).hasSize(2);
        assertThat(Session.part(List.of(large, large, large)))
                .as("two at least, or nothing could ever be joined")
                .hasSize(2);
    }

    @Test
    void calls_concurrentAtSeveralNodes_areAllReflectedByTheNextRead() throws Exception {
        int calls = 200;
        try (FakeCluster cluster = new FakeCluster(4)) {
            // Three nodes take writes and learn of each other's only later, so no answer covers another node's.
            List<FakeNode> writers = cluster.nodes().subList(0, 3);
            cluster.nodes().forEach(FakeNode::lag);
            // No call ends before all have been sent, so none is sent with the token of another.
            CountDownLatch carriedOut = new CountDownLatch(3 * calls);
            writers.forEach(node -> node.holdAnswersUntil(carriedOut));
            try (HenceClient reader = HenceClient.connect(cluster.node(4).url());
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Session session = Session.of("");
                List<Future<String>> writes = new ArrayList<>();
                for (FakeNode writer : writers) {
                    HenceClient client = sharing(session, writer);
                    for (int n = 0; n < calls; n++) {
                        String key = writer.name() + "-" + n;
                        writes.add(threads.submit(() -> client.put(key, "v")));
                    }
                }
                for (Future<String> write : writes) {
                    Eventually.outcome(write);
                }
                assertThat(session.tokens()).as("outstanding").hasSizeGreaterThan(Session.TOKENS_SENT_MAX);
                String handedOver = String.join(",", session.tokens());

                cluster.node(4).catchUp();
                assertThat(sharing(session, cluster.node(4)).scan(Bytes.EMPTY)).hasSize(3 * calls);

                assertThat(session.tokens()).hasSize(1);
                assertThat(FakeCluster.clockOf(session.tokens().getFirst()).values())
                        .containsExactly((long) calls, (long) calls, (long) calls);
                assertThat(reader.withSession(handedOver).get("node3-199")).isPresent();
                assertThat(cluster.node(4).requests())
                        .allSatisfy(request ->
                                assertThat(request.tokens()).hasSizeLessThanOrEqualTo(Session.TOKENS_SENT_MAX));
            }
        }
    }

    @Test
    void joining_nodeThatIsBehind_stillJoins() {
        try (FakeCluster cluster = new FakeCluster(1)) {
            String tokens = String.join(
                    ",",
                    IntStream.rangeClosed(1, 40).mapToObj(n -> "node2-" + n).toList());
            try (HenceClient client = HenceClient.builder()
                    .nodes(cluster.urls())
                    .sessionToken(tokens)
                    .roundsMax(1)
                    .deadline(Duration.ofSeconds(3))
                    .build()) {
                assertThat(catchThrowable(() -> client.get("x"))).isInstanceOf(SessionBehindException.class);
                assertThat(Session.of(client.sessionToken()).tokens())
                        .hasSizeLessThanOrEqualTo(Session.TOKENS_SENT_MAX);
                assertThat(FakeCluster.clockOf(client.sessionToken())).containsEntry("node2", 40L);
            }
        }
    }

    private static HenceClient sharing(Session session, FakeNode node) {
        HenceClientBuilder.Settings settings = new HenceClientBuilder.Settings(
                Eventually.LIMIT, Duration.ofSeconds(10), Duration.ofSeconds(15), Integer.MAX_VALUE, 1 << 20);
        return new HenceClient(
                new Failover(new Nodes(List.of(Node.baseOf(node.url()))), settings), session, Eventually.LIMIT, true);
    }
}
