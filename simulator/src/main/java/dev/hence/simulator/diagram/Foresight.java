package dev.hence.simulator.diagram;

import dev.hence.simulator.trace.Change;
import dev.hence.simulator.trace.Command;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Outcome;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Look-ahead into the rest of a trace, needed to describe an event: which update a request becomes, whether an answer
 * comes, whether a forced disk write matters later.
 */
final class Foresight {
    private final UpdateNames names = new UpdateNames();
    private final Map<Integer, Outcome> outcomes = new HashMap<>();
    private final Map<TracedUpdate, Request> causes = new HashMap<>();
    private final Map<Integer, TracedUpdate> effects = new HashMap<>();
    private final Map<Integer, Long> lastPowerLossMicros = new HashMap<>();
    private final Set<Told> told = new HashSet<>();

    /** A fault that an event of the node's process or disk describes. */
    private record Told(long atMicros, int node, Event.Kind kind) {}

    Foresight(List<Event> events) {
        for (Event event : events) {
            if (event instanceof Event.Answered answered) {
                outcomes.put(answered.request().id(), answered.outcome());
                if (answered.outcome() instanceof Outcome.Done done && done.update() != null) {
                    link(done.update(), answered.request());
                }
            }
        }
        Map<Integer, Request> open = new LinkedHashMap<>();
        events.forEach(event -> look(event, open));
    }

    private void look(Event event, Map<Integer, Request> open) {
        switch (event) {
            case Event.Started started -> {
                started.onDisk().forEach(names::learn);
                names.learn(started.node(), started.replica());
            }
            case Event.Renewed renewed -> names.learn(renewed.node(), renewed.replica());
            case Event.Asked asked -> open.put(asked.request().id(), asked.request());
            case Event.Answered answered -> open.remove(answered.request().id());
            case Event.Made made -> {
                TracedUpdate update = made.update();
                names.learn(update);
                open.values().stream()
                        .filter(request -> !causes.containsKey(update) && mayHaveMade(request, update))
                        .findFirst()
                        .ifPresent(request -> link(update, request));
            }
            case Event.Stopped stopped -> stopped(stopped);
            case Event.DiskLost lost -> diskLost(lost);
            default -> {}
        }
    }

    private void stopped(Event.Stopped stopped) {
        switch (stopped.how()) {
            case KILLED -> told.add(new Told(stopped.atMicros(), stopped.node(), Event.Kind.KILLED));
            case FAILED -> told.add(new Told(stopped.atMicros(), stopped.node(), Event.Kind.FSYNC_FAILED));
            case POWER_LOST -> {
                told.add(new Told(stopped.atMicros(), stopped.node(), Event.Kind.POWER_LOST));
                lastPowerLossMicros.put(stopped.node(), stopped.atMicros());
            }
            case CLOSED, BROKEN -> {}
        }
    }

    private void diskLost(Event.DiskLost lost) {
        switch (lost.how()) {
            case WIPED -> told.add(new Told(lost.atMicros(), lost.node(), Event.Kind.WIPED));
            case RESTORED -> told.add(new Told(lost.atMicros(), lost.node(), Event.Kind.RESTORED));
            case ROLLED_BACK, SET_BACK -> told.add(new Told(lost.atMicros(), lost.node(), Event.Kind.ROLLED_BACK));
            case UNSYNCED -> {}
        }
    }

    private void link(TracedUpdate update, Request request) {
        causes.put(update, request);
        effects.put(request.id(), update);
    }

    /** A request of unknown outcome may be the cause of an update with the same effect. */
    private boolean mayHaveMade(Request request, TracedUpdate update) {
        return request.node() == update.node()
                && !effects.containsKey(request.id())
                && !isDone(request)
                && !request.writes().isEmpty()
                && asked(request.writes()).equals(made(update.changes()));
    }

    /** The written keys, with the value of those that are only assigned. */
    private static Map<String, String> asked(List<Command> commands) {
        Map<String, String> values = new HashMap<>();
        commands.forEach(command ->
                values.merge(command.key(), command instanceof Command.Set set ? set.value() : "", (one, other) -> ""));
        return values;
    }

    private static Map<String, String> made(List<Change> changes) {
        Map<String, String> values = new HashMap<>();
        changes.forEach(change ->
                values.merge(change.key(), change instanceof Change.Set set ? set.value() : "", (one, other) -> ""));
        return values;
    }

    UpdateNames names() {
        return names;
    }

    /** The request that became the update; null if there is none. */
    @Nullable
    Request cause(TracedUpdate update) {
        return causes.get(update);
    }

    /** The update that the request became; null if there is none. */
    @Nullable
    TracedUpdate effect(Request request) {
        return effects.get(request.id());
    }

    /** Whether the client will learn that the request was executed. */
    boolean isDone(Request request) {
        return outcomes.get(request.id()) instanceof Outcome.Done;
    }

    /** Whether the node's machine loses power at this time or later. */
    boolean losesPower(int node, long fromMicros) {
        return lastPowerLossMicros.getOrDefault(node, -1L) >= fromMicros;
    }

    /** Whether another event of the same moment describes the same. */
    boolean isToldOtherwise(Event.Fault fault) {
        Integer node = fault.node();
        return node != null && told.contains(new Told(fault.atMicros(), node, fault.kind()));
    }
}
