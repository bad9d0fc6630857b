package dev.hence.system.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.hence.simulator.history.BadPattern;
import dev.hence.simulator.history.HistoryChecker;
import dev.hence.simulator.history.HistoryFile;
import dev.hence.simulator.history.HistoryWriter;
import dev.hence.simulator.history.Transaction;
import dev.hence.simulator.history.Transaction.Access;
import dev.hence.simulator.history.Transaction.Status;
import dev.hence.simulator.history.Verdict;
import dev.hence.system.cluster.WriteOutcome;
import dev.hence.system.history.FakeNode.Behaviour;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The record must match what happened, and violations in it must be found. */
class RecordingClientTest {

    private final List<Transaction> history = new ArrayList<>();
    private FakeNode node;
    private RecordingClient client;

    @BeforeEach
    void start() throws IOException {
        node = FakeNode.start();
        client = new RecordingClient("s", "node1", node.api(), history::add);
    }

    @AfterEach
    void end() {
        node.close();
    }

    @Test
    void requests_answered_areRecordedWithWhatWasSeen() throws Exception {
        client.read("x");
        client.write("x");
        client.writeAll(List.of("x", "y"));
        client.read("x");
        client.readSnapshot("", List.of("x", "y", "z"));

        assertThat(history).allSatisfy(transaction -> {
            assertThat(transaction.session()).isEqualTo("s");
            assertThat(transaction.node()).isEqualTo("node1");
            assertThat(transaction.status()).isEqualTo(Status.OK);
            assertThat(transaction.endMicros()).isGreaterThanOrEqualTo(transaction.startMicros());
        });
        assertThat(history)
                .extracting(Transaction::reads)
                .containsExactly(
                        List.of(new Access("x", null)),
                        List.of(),
                        List.of(),
                        List.of(new Access("x", "s/2")),
                        List.of(new Access("x", "s/2"), new Access("y", "s/3"), new Access("z", null)));
        assertThat(history)
                .extracting(Transaction::writes)
                .containsExactly(
                        List.of(),
                        List.of(new Access("x", "s/1")),
                        List.of(new Access("x", "s/2"), new Access("y", "s/3")),
                        List.of(),
                        List.of());
        assertThat(HistoryChecker.check(history)).isEqualTo(new Verdict.Holds(8));
    }

    @Test
    void write_answerIsLost_isUnknownAndMayBeSeen() throws Exception {
        client.write("x");
        node.become(Behaviour.MUTE);
        assertThat(client.write("x")).isInstanceOf(WriteOutcome.Unknown.class);
        node.become(Behaviour.SOUND);
        client.read("x");

        assertThat(history).extracting(Transaction::status).containsExactly(Status.OK, Status.UNKNOWN, Status.OK);
        assertThat(history.get(1).endMicros()).isNull();
        assertThat(history.get(2).reads()).containsExactly(new Access("x", "s/2"));
        assertThat(HistoryChecker.check(history)).isInstanceOf(Verdict.Holds.class);
    }

    @Test
    void read_answerIsLost_isNotRecorded() throws Exception {
        node.become(Behaviour.MUTE);

        assertThat(client.read("x")).isFalse();
        assertThat(history).isEmpty();
    }

    @Test
    void requests_atANodeThatIsBehindTheSession_areRefusedAndNotRecorded() throws Exception {
        client.write("x");
        try (FakeNode behind = FakeNode.start()) {
            client.moveTo("node2", behind.api());
            assertThat(client.write("x")).isEqualTo(new WriteOutcome.Refused("session-behind"));
            assertThat(client.read("x")).isFalse();
            assertThat(client.readSnapshot("", List.of("x"))).isFalse();
        }
        client.moveTo("node1", node.api());
        client.write("x");

        assertThat(history)
                .extracting(Transaction::node, Transaction::writes)
                .containsExactly(
                        tuple("node1", List.of(new Access("x", "s/1"))),
                        tuple("node1", List.of(new Access("x", "s/3"))));
    }

    @Test
    void check_nodeShowsWhatWasOverwritten_found() throws Exception {
        client.write("x");
        client.write("x");
        node.become(Behaviour.STALE);
        client.read("x");

        assertThat(violation(history)).isEqualTo(BadPattern.Kind.WRITE_CO_READ);
    }

    @Test
    void check_staleReadIsPutIntoASoundHistory_found() throws Exception {
        RecordingClient other = new RecordingClient("t", "node1", node.api(), history::add);
        for (int i = 0; i < 10; i++) {
            client.write("x");
            other.writeAll(List.of("x", "y"));
            client.read("x");
            other.readSnapshot("", List.of("x", "y"));
        }

        assertThat(HistoryChecker.check(history)).isInstanceOf(Verdict.Holds.class);
        assertThat(violation(StaleRead.in(history).orElseThrow())).isEqualTo(BadPattern.Kind.WRITE_CO_READ);
    }

    @Test
    void clients_atTheSameTime_shareAFileInTheOrderOfEachSession(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("history.jsonl");
        int rounds = 100;
        List<String> sessions = List.of("a", "b", "c", "d");
        try (HistoryWriter writer = new HistoryWriter(file);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (String session : sessions) {
                RecordingClient sharing = new RecordingClient(session, "node1", node.api(), writer);
                running.add(threads.submit(() -> {
                    for (int i = 0; i < rounds; i++) {
                        sharing.write("x");
                    }
                    return null;
                }));
            }
            for (Future<?> client : running) {
                client.get();
            }
        }

        List<Transaction> written = HistoryFile.read(file);
        for (String session : sessions) {
            assertThat(written.stream()
                            .filter(transaction -> transaction.session().equals(session))
                            .map(transaction -> transaction.writes().getFirst().value()))
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, rounds)
                            .mapToObj(number -> session + "/" + number)
                            .toList());
        }
        assertThat(HistoryChecker.check(written)).isInstanceOf(Verdict.Holds.class);
    }

    private static BadPattern.Kind violation(List<Transaction> history) {
        Verdict verdict = HistoryChecker.check(history);
        assertThat(verdict).isInstanceOf(Verdict.Broken.class);
        return ((Verdict.Broken) verdict).pattern().kind();
    }
}
