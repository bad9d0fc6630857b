package dev.hence.simulator.history;

import dev.hence.simulator.check.Checker;
import dev.hence.simulator.history.Transaction.Access;
import dev.hence.simulator.history.Transaction.Status;
import dev.hence.simulator.trace.Command;
import dev.hence.simulator.trace.Contents;
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
 * Builds the client history of a run from its trace. It never reports violations.
 *
 * <p>Transactions are in the order in which the clients learnt their outcomes. A read holds the winner of its
 * candidates, as clients see it. The reads of a request of unknown outcome are unknown, so it is recorded with its
 * writes only, and not at all if it has none. Only register keys are part of a history.
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
                if (transaction != null
                        && !(transaction.reads().isEmpty()
                                && transaction.writes().isEmpty())) {
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
            case Outcome.Done done when hasFailed(request, done) -> null;
            case Outcome.Done done ->
                transaction(request, Status.OK, start, answered.atMicros(), reads(request, done.values()));
            case Outcome.Unknown unknown ->
                request.writes().isEmpty() ? null : transaction(request, Status.UNKNOWN, start, null, List.of());
            case Outcome.Refused refused -> null;
        };
    }

    /** Whether nothing was written since a command failed; removals alone may find nothing to remove. */
    private static boolean hasFailed(Request request, Outcome.Done done) {
        return done.update() == null
                && request.writes().stream()
                        .anyMatch(
                                command -> !(command instanceof Command.Delete) || !Request.isRegister(command.key()));
    }

    private Transaction transaction(
            Request request, Status status, long start, @Nullable Long end, List<Access> reads) {
        List<Access> writes = request.writes().stream()
                .filter(command -> Request.isRegister(command.key()))
                .map(command -> new Access(command.key(), command instanceof Command.Set set ? set.value() : null))
                .toList();
        String session = request.inSession() ? request.session() : "request-" + request.id();
        return new Transaction(session, status, nodes.get(request.node()), start, end, reads, writes);
    }

    private static List<Access> reads(Request request, List<Contents> values) {
        List<Access> reads = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            String key = request.reads().get(i);
            if (Request.isRegister(key)) {
                List<Contents.Element> shown = values.get(i).shownElements();
                reads.add(new Access(
                        key, shown.isEmpty() ? null : shown.getFirst().value()));
            }
        }
        return reads;
    }
}
