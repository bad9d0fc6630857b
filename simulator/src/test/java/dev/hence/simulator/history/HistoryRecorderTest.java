package dev.hence.simulator.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.hence.simulator.history.Transaction.Access;
import dev.hence.simulator.history.Transaction.Status;
import dev.hence.simulator.trace.Command;
import dev.hence.simulator.trace.Outcome;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.trace.TraceBuilder;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HistoryRecorderTest {
    private final List<Transaction> history = new ArrayList<>();
    private final TraceBuilder cluster = new TraceBuilder(2, new HistoryRecorder(history::add)::observe);

    @Test
    void observe_sessionOfAWriteAndARead_isRecordedInItsOrder() {
        cluster.writeIn("s", 0, "x=1", "-y");
        cluster.read("s", 0, "x", "y");
        assertThat(history)
                .extracting(Transaction::session, Transaction::status, Transaction::node)
                .containsOnly(tuple("s", Status.OK, "node1"));
        assertThat(history.get(0).writes()).containsExactly(new Access("x", "1"), new Access("y", null));
        assertThat(history.get(1).reads()).containsExactly(new Access("x", "1"), new Access("y", null));
        assertThat(history.get(0).endMicros()).isGreaterThan(history.get(0).startMicros());
        assertThat(history.get(1).startMicros()).isGreaterThan(history.get(0).startMicros());
    }

    @Test
    void observe_siblings_showTheWinner() {
        cluster.write(0, "x=1");
        TracedUpdate there = cluster.write(1, "x=2");
        cluster.deliver(0, there);
        cluster.read("s", 0, "x");
        assertThat(history.getFirst().reads()).containsExactly(new Access("x", "2"));
    }

    @Test
    void observe_requestsOutsideSessions_areAloneInTheirs() {
        cluster.writeIn("", 0, "x=1");
        cluster.read("", 0, "x");
        assertThat(history).extracting(Transaction::session).containsExactly("request-0", "request-1");
    }

    @Test
    void observe_unknownOutcome_isRecordedIfItWrote() {
        Request write = cluster.ask("s", 0, List.of(), "x=1");
        cluster.answer(write, new Outcome.Unknown());
        Request read = cluster.ask("s", 0, List.of("x"));
        cluster.answer(read, new Outcome.Unknown());
        assertThat(history).hasSize(1);
        assertThat(history.getFirst().status()).isEqualTo(Status.UNKNOWN);
        assertThat(history.getFirst().endMicros()).isNull();
        assertThat(history.getFirst().writes()).containsExactly(new Access("x", "1"));
    }

    @Test
    void observe_keysThatMayHoldAnything_areLeftOut() {
        cluster.writeIn("s", 0, "x=1", "t:1=1");
        cluster.writeIn("s", 0, "t:1=2");
        cluster.read("s", 0, "x", "t:1");
        cluster.read("s", 0, "t:1");
        assertThat(history).hasSize(2);
        assertThat(history.getFirst().writes()).containsExactly(new Access("x", "1"));
        assertThat(history.getLast().reads()).containsExactly(new Access("x", "1"));
    }

    @Test
    void observe_commandFailed_isNotRecorded() {
        List<Command> writes = List.of(new Command.Set("x", "1"), new Command.Pop("t:1", Command.End.BACK));
        cluster.answer(cluster.ask("s", 0, List.of(), writes), List.of(), null);
        assertThat(history).isEmpty();
    }

    @Test
    void observe_nothingToRemove_isRecorded() {
        cluster.answer(cluster.ask("s", 0, List.of(), "-x"), List.of(), null);
        assertThat(history).hasSize(1);
    }

    @Test
    void observe_refused_isNotRecorded() {
        Request write = cluster.ask("s", 0, List.of(), "x=1");
        cluster.answer(write, new Outcome.Refused("busy"));
        assertThat(history).isEmpty();
    }
}
