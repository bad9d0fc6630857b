package dev.hence.simulator.diagram;

import dev.hence.simulator.trace.Candidate;
import dev.hence.simulator.trace.Change;
import dev.hence.simulator.trace.Command;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Outcome;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes traces by hand. Nodes are numbered from 0 as in events; time advances by 0.1 ms with every event. */
final class TraceBuilder {
    private final List<Event> events = new ArrayList<>();
    private final List<Integer> incarnations = new ArrayList<>();
    private long now;
    private int updates;
    private int requests;

    TraceBuilder(int nodes) {
        List<String> names =
                IntStream.rangeClosed(1, nodes).mapToObj(n -> "node" + n).toList();
        events.add(new Event.Began(0, names, Collections.nCopies(nodes, true), new Event.Bounds(4)));
        for (int node = 0; node < nodes; node++) {
            incarnations.add(1);
            events.add(new Event.Started(0, node, replica(node), List.of(), Map.of()));
        }
    }

    List<Event> events() {
        return events;
    }

    String replica(int node) {
        return "node%d~%016x".formatted(node + 1, incarnations.get(node));
    }

    TraceBuilder at(double millis) {
        now = Math.round(millis * 1_000);
        return this;
    }

    private long tick() {
        now += 100;
        return now;
    }

    static Command set(String key, String value) {
        return new Command.Set(key, value);
    }

    private static Change change(Command command) {
        return command instanceof Command.Set set
                ? new Change.Set(set.key(), set.value(), Contents.NEVER)
                : new Change.Delete(command.key());
    }

    Request asksToWrite(int client, String session, int node, Command... writes) {
        return asked(new Request(requests++, client, session, node, List.of(), List.of(writes)));
    }

    Request asksToRead(int client, String session, int node, String... keys) {
        return asked(new Request(requests++, client, session, node, List.of(keys), List.of()));
    }

    private Request asked(Request request) {
        events.add(new Event.Asked(tick(), request));
        return request;
    }

    TracedUpdate made(Request request, long counter, TracedUpdate... after) {
        Map<String, Long> context = new LinkedHashMap<>();
        if (counter > 1) {
            context.put(replica(request.node()), counter - 1);
        }
        for (TracedUpdate update : after) {
            context.merge(update.replica(), update.counter(), Math::max);
        }
        TracedUpdate update = new TracedUpdate(
                updates++,
                request.node(),
                replica(request.node()),
                counter,
                context,
                now << 16,
                now / 1_000,
                request.writes().stream().map(TraceBuilder::change).toList());
        events.add(new Event.Made(tick(), request.node(), update));
        return update;
    }

    void stored(int node, TracedUpdate... which) {
        events.add(new Event.Stored(tick(), node, List.of(which)));
    }

    void synced(int node) {
        events.add(new Event.Synced(tick(), node));
    }

    void published(int node, TracedUpdate... which) {
        events.add(new Event.Published(tick(), node, List.of(which), Map.of()));
    }

    void committed(int node, TracedUpdate... which) {
        stored(node, which);
        synced(node);
        published(node, which);
    }

    void received(int node, int through, TracedUpdate update, Event.Receipt receipt) {
        events.add(new Event.Received(tick(), node, update, through, receipt));
    }

    void applied(int node, TracedUpdate update) {
        events.add(new Event.Applied(tick(), node, update));
    }

    /** Arrives, is applied, stored and published with nothing in between. */
    void arrives(int node, int through, TracedUpdate update) {
        received(node, through, update, Event.Receipt.DELIVERED);
        applied(node, update);
        committed(node, update);
    }

    void told(Request request, TracedUpdate update) {
        events.add(new Event.Answered(tick(), request, new Outcome.Done(List.of(), update, Map.of())));
    }

    /** A write from the request to the answer. */
    TracedUpdate write(int client, String session, int node, long counter, Command command, TracedUpdate... after) {
        Request request = asksToWrite(client, session, node, command);
        TracedUpdate update = made(request, counter, after);
        committed(node, update);
        told(request, update);
        return update;
    }

    /** A request is served and answered; a null stands for an absent key. */
    void reads(Request request, @Nullable String... values) {
        List<Contents> found = Arrays.stream(values)
                .map(value -> value == null ? Contents.NOTHING : Contents.string(List.of(new Candidate("?", 0, value))))
                .toList();
        events.add(new Event.Served(tick(), request, found, now / 1_000));
        events.add(new Event.Answered(tick(), request, new Outcome.Done(found, null, Map.of())));
    }

    void answered(Request request, Outcome outcome) {
        events.add(new Event.Answered(tick(), request, outcome));
    }

    void stopped(int node, Event.Stop how) {
        Event.Kind kind = how == Event.Stop.POWER_LOST ? Event.Kind.POWER_LOST : Event.Kind.KILLED;
        tick();
        events.add(new Event.Fault(now, node, kind, "process of node" + (node + 1)));
        events.add(new Event.Stopped(now, node, how));
    }

    void lost(int node, Event.Loss how, TracedUpdate... lost) {
        events.add(new Event.DiskLost(now, node, how, List.of(lost), List.of()));
    }

    void started(int node, TracedUpdate... onDisk) {
        Map<String, Long> clock = new LinkedHashMap<>();
        for (TracedUpdate update : onDisk) {
            clock.merge(update.replica(), update.counter(), Math::max);
        }
        events.add(new Event.Started(tick(), node, replica(node), List.of(onDisk), clock));
    }

    void takesNewIdentity(int node) {
        incarnations.set(node, incarnations.get(node) + 1);
    }

    void fault(@Nullable Integer node, Event.Kind kind, String what) {
        events.add(new Event.Fault(tick(), node, kind, what));
    }

    void calmed() {
        events.add(new Event.Calmed(tick()));
    }

    void ended(int node, Map<String, String> values, TracedUpdate... buffered) {
        Map<String, Contents> contents = new LinkedHashMap<>();
        values.forEach((key, value) -> contents.put(key, Contents.string(List.of(new Candidate("?", 0, value)))));
        events.add(new Event.Ended(now, node, Map.of(), contents, List.of(buffered)));
    }

    void add(Event event) {
        events.add(event);
    }
}
