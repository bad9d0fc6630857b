package dev.hence.simulator.history;

import dev.hence.simulator.check.Checker;
import dev.hence.simulator.history.Transaction.Access;
import dev.hence.simulator.history.Transaction.Status;
import dev.hence.simulator.trace.Candidate;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Outcome;
import dev.hence.simulator.trace.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the client history of a run from its trace. It finds no violations.
 *
 * <p>Transactions come in the order in which the clients learnt their outcomes. A read shows the winner of its
 * candidates, as clients see it. Nothing is known of what a request of unknown outcome would have read, so it is
 * recorded with its writes, and not at all if it had none.
 */
public final class HistoryRecorder implements Checker {
    private final Consumer<Transaction> history;
    private final Map<Integer, Long> startMicros = new HashMap<>();
    private List<String> nodes = List.of();

    public HistoryRecorder(Consumer<Transaction> history) {
        this.history = history;
    }

    @Override
    public void observe(Event event) {
        switch (event) {
            case Event.Began began -> nodes = began.nodes();
            case Event.Asked asked -> startMicros.put(asked.request().id(), asked.atMicros());
            case Event.Answered answered -> {
                Transaction transaction = transaction(answered);
                if (transaction != null) {
                    history.accept(transaction);
                }
            }
            default -> {}
        }
    }

    private @Nullable Transaction transaction(Event.Answered answered) {
        Request request = answered.request();
        Long asked = startMicros.remove(request.id());
        long start = asked == null ? answered.atMicros() : asked;
        return switch (answered.outcome()) {
            case Outcome.Done done ->
                transaction(request, Status.OK, start, answered.atMicros(), reads(request, done.values()));
            case Outcome.Unknown unknown ->
                request.writes().isEmpty() ? null : transaction(request, Status.UNKNOWN, start, null, List.of());
            case Outcome.Refused refused -> null;
        };
    }

    private Transaction transaction(
            Request request, Status status, long start, @Nullable Long end, List<Access> reads) {
        List<Access> writes = request.writes().stream()
                .map(change -> new Access(change.key(), change.value()))
                .toList();
        String session = request.inSession() ? request.session() : "request-" + request.id();
        return new Transaction(session, status, nodes.get(request.node()), start, end, reads, writes);
    }

    private static List<Access> reads(Request request, List<List<Candidate>> values) {
        List<Access> reads = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            List<Candidate> candidates = values.get(i);
            reads.add(new Access(
                    request.reads().get(i),
                    candidates.isEmpty() ? null : candidates.getFirst().value()));
        }
        return reads;
    }
}
