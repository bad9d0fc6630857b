package dev.hence.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hence.property.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The feed hands out every update once, whatever becomes of the nodes it comes from. */
@Timeout(Eventually.TEST_SECONDS_MAX)
final class ChangeFeedTest {

    private final FakeCluster cluster = new FakeCluster(2);
    private final HenceClient client = HenceClient.builder()
            .nodes(cluster.urls())
            .feedSilenceMax(Duration.ofSeconds(1))
            .build();

    @AfterEach
    void close() {
        client.close();
        cluster.close();
    }

    private void write(int node, String key) {
        cluster.write(cluster.node(node), List.of(Operation.put(key, "v")));
    }

    private static List<String> keys(ChangeFeed feed, int count) {
        List<String> keys = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            keys.add(feed.next().operations().getFirst().key().toString());
        }
        return keys;
    }

    @Test
    void next_oneUpdate_isWhatWasWritten() {
        cluster.write(
                cluster.node(2),
                List.of(Operation.put(Bytes.of((byte) 0xff), Bytes.of((byte) 0xfe)), Operation.delete("y")));

        try (ChangeFeed feed = client.changes(null)) {
            assertThat(feed.token()).isEmpty();
            assertThat(feed.next())
                    .isEqualTo(new Change(
                            new Dot("node2~00c0ffee00c0ffee", "node2", 1),
                            Map.of("node2", 1L),
                            Instant.ofEpochMilli(1_760_000_000_000L),
                            List.of(Operation.put(Bytes.of((byte) 0xff), Bytes.of((byte) 0xfe)), Operation.delete("y")),
                            "node2-1"));
            assertThat(feed.token()).contains("node2-1");
        }
    }

    @Test
    void next_updatesThatComeLater_areWaitedFor() throws Exception {
        write(1, "a");
        try (ChangeFeed feed = client.changes(null)) {
            assertThat(keys(feed, 1)).containsExactly("a");
            FutureTask<List<String>> reading = new FutureTask<>(() -> keys(feed, 2));
            Thread.ofVirtual().start(reading);
            write(2, "b");
            write(1, "c");

            assertThat(Eventually.outcome(reading)).containsExactly("b", "c");
        }
    }

    @Test
    void next_nodeStops_goesOnAtTheOtherWithNothingTwice() {
        write(1, "a");
        write(2, "b");
        try (ChangeFeed feed = client.changes(null)) {
            assertThat(keys(feed, 2)).containsExactly("a", "b");
            cluster.node(1).stop();
            write(2, "c");

            assertThat(keys(feed, 1)).containsExactly("c");
            write(2, "d");
            assertThat(keys(feed, 1)).containsExactly("d");
        }
    }

    @Test
    void next_feedBreaksWithinALine_goesOn() {
        write(1, "a");
        try (ChangeFeed feed = client.changes(null)) {
            assertThat(keys(feed, 1)).containsExactly("a");
            cluster.nodes().forEach(FakeNode::breakFeeds);
            write(1, "b");

            assertThat(keys(feed, 1)).containsExactly("b");
        }
    }

    @Test
    void next_nodeFallsSilent_goesOnAtTheOther() {
        write(1, "a");
        try (ChangeFeed feed = client.changes(null)) {
            assertThat(keys(feed, 1)).containsExactly("a");
            cluster.node(1).silenceFeeds(true);
            write(1, "b");

            assertThat(keys(feed, 1)).containsExactly("b");
            assertThat(cluster.node(2).requests()).isNotEmpty();
        }
    }

    @Test
    void next_noNodeLeft_failsAndGoesOnWhenOneIsBack() {
        write(1, "a");
        try (ChangeFeed feed = client.withDeadline(Duration.ofSeconds(5)).changes(null)) {
            assertThat(keys(feed, 1)).containsExactly("a");
            cluster.nodes().forEach(FakeNode::stop);
            assertThatExceptionOfType(DefiniteException.class)
                    .isThrownBy(feed::hasNext)
                    .satisfies(e -> assertThat(e.code()).isEqualTo("unreachable"));

            cluster.node(2).restart();
            write(2, "b");
            assertThat(keys(feed, 1)).containsExactly("b");
        }
    }

    @Test
    void next_lineThatCannotBeRead_isNeverSkipped() {
        cluster.node(1).failAlways(new Fault.Page(200));
        try (ChangeFeed feed = client.changes(null)) {
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatExceptionOfType(DefiniteException.class)
                        .isThrownBy(feed::hasNext)
                        .satisfies(e -> assertThat(e.code()).isEqualTo("unexpected-answer"));
            }
        }
    }

    @Test
    void hasNext_closedByAnotherThread_isFalse() throws Exception {
        ChangeFeed feed = client.changes(null);
        FutureTask<Boolean> waiting = new FutureTask<>(feed::hasNext);
        Thread.ofVirtual().start(waiting);
        while (cluster.node(1).requests().isEmpty()) {
            Thread.onSpinWait();
        }
        feed.close();

        assertThat(Eventually.outcome(waiting)).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(feed::next);
    }

    @Test
    void changesUntilNow_endsAtThePresent() {
        write(1, "a");
        write(2, "b");
        String middle;
        try (ChangeFeed feed = client.changesUntilNow(null)) {
            assertThat(keys(feed, 1)).containsExactly("a");
            middle = feed.token().orElseThrow();
            assertThat(keys(feed, 1)).containsExactly("b");
            assertThat(feed.hasNext()).isFalse();
        }
        try (ChangeFeed feed = client.changesUntilNow(middle)) {
            assertThat(keys(feed, 1)).containsExactly("b");
            assertThat(feed.hasNext()).isFalse();
        }
    }

    @Test
    void changes_afterASessionOfSeveralTokens_skipsNothing() {
        write(1, "a");
        write(2, "b");
        write(2, "c");

        try (ChangeFeed feed = client.changesUntilNow("node1-1,node2-1")) {
            assertThat(keys(feed, 2)).containsExactly("b", "c");
            assertThat(feed.hasNext()).isFalse();
        }
    }

    @Test
    void next_whatItHandedOut_isReadAtEveryNodeAfterwards() {
        cluster.node(1).lag();
        write(2, "x");
        try (HenceClient ahead = HenceClient.connect(cluster.node(2).url());
                ChangeFeed feed = ahead.changes(null)) {
            feed.next();

            assertThat(client.withSession(ahead.sessionToken()).get("x")).isPresent();
        }
    }

    @Test
    void hasNext_refused_says() {
        cluster.nodes().forEach(node -> node.failAlways(new Fault.Refuse(400, "bad-request", true)));
        try (ChangeFeed feed = client.changes(null)) {
            assertThatExceptionOfType(DefiniteException.class)
                    .isThrownBy(feed::hasNext)
                    .satisfies(e -> assertThat(e.code()).isEqualTo("bad-request"));
        }
    }
}
