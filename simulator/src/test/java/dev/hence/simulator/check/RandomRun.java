package dev.hence.simulator.check;

import static dev.hence.simulator.trace.TraceBuilder.clockOf;
import static dev.hence.simulator.trace.TraceBuilder.replica;

import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Outcome;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.trace.TraceBuilder;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/** A run of a correct store, as a model with sets and without any protocol. */
final class RandomRun {
    private static final int KEYS = 4;

    private final Random random;
    private final int nodes;
    private final boolean alwaysSynced;
    private final TraceBuilder trace;
    private final List<TracedUpdate> published = new ArrayList<>();
    private final Map<String, Set<TracedUpdate>> sessions = new HashMap<>();
    private final Set<Integer> down = new HashSet<>();
    private final int[] incarnations;
    private int values;

    RandomRun(int seed, Consumer<Event> observer) {
        this.random = new Random(seed);
        this.nodes = 2 + random.nextInt(5);
        this.alwaysSynced = random.nextBoolean();
        this.incarnations = new int[nodes];
        this.trace = new TraceBuilder(nodes, alwaysSynced, observer);
    }

    /** Runs a number of steps and then to the end; returns the number of published updates. */
    int run(int steps) {
        for (int step = 0; step < steps; step++) {
            int node = random.nextInt(nodes);
            if (down.contains(node)) {
                restart(node);
            } else {
                step(node);
            }
        }
        for (int node : List.copyOf(down)) {
            restart(node);
        }
        for (int node = 0; node < nodes; node++) {
            for (int from = 0; from < nodes; from++) {
                catchUp(node, from, Integer.MAX_VALUE);
            }
        }
        for (int node = 0; node < nodes; node++) {
            catchUp(node, nodes - 1, Integer.MAX_VALUE);
        }
        trace.end();
        return published.size();
    }

    private void step(int node) {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> catchUp(node, random.nextInt(nodes), 1 + random.nextInt(4));
            case 4, 5 -> write(node, "");
            case 6 -> write(node, "session" + random.nextInt(3));
            case 7 -> read(node, "");
            case 8, 9 -> read(node, "session" + random.nextInt(3));
            case 10 -> claimStable(node);
            default -> {
                if (random.nextInt(3) == 0) {
                    crash(node);
                }
            }
        }
    }

    private void catchUp(int node, int from, int countMax) {
        if (down.contains(from)) {
            return;
        }
        int left = countMax;
        for (TracedUpdate update : List.copyOf(trace.visible(from))) {
            if (left > 0 && !trace.applied(node).contains(update)) {
                left--;
                trace.emit(new Event.Received(trace.tick(), node, update, from, Event.Receipt.DELIVERED));
                trace.apply(node, update);
                commit(node, update);
            }
        }
    }

    private void commit(int node, TracedUpdate update) {
        trace.storeUnsynced(node, update);
        if (alwaysSynced || random.nextInt(3) == 0) {
            trace.sync(node);
        }
        trace.publish(node, update);
    }

    private void write(int node, String session) {
        if (!trace.visible(node).containsAll(sessions.getOrDefault(session, Set.of()))) {
            return;
        }
        String key = "k" + random.nextInt(KEYS);
        String[] changes = random.nextInt(6) == 0
                ? new String[] {"-" + key}
                : new String[] {key + "=" + values++, "l" + random.nextInt(KEYS) + "=" + values++};
        Request request = trace.ask(session, node, List.of(), changes);
        trace.serve(request);
        TracedUpdate update = trace.make(node, changes);
        commit(node, update);
        published.add(update);
        if (random.nextInt(5) == 0) {
            trace.answer(request, new Outcome.Unknown());
        } else {
            trace.answer(request, List.of(), update);
            remember(session, node);
        }
    }

    private void read(int node, String session) {
        if (trace.visible(node).containsAll(sessions.getOrDefault(session, Set.of()))) {
            trace.read(session, node, "k" + random.nextInt(KEYS), "l" + random.nextInt(KEYS));
            remember(session, node);
        }
    }

    private void remember(String session, int node) {
        if (!session.isEmpty()) {
            sessions.computeIfAbsent(session, s -> new HashSet<>()).addAll(trace.visible(node));
        }
    }

    /** The updates present at every node while none is in flight: the minimum that a protocol may report as stable. */
    private void claimStable(int node) {
        for (int other = 0; other < nodes; other++) {
            if (down.contains(other) || !trace.disk(node).equals(trace.disk(other))) {
                return;
            }
        }
        for (int other = 0; other < nodes; other++) {
            trace.sync(other);
        }
        trace.stable(node, clockOf(trace.visible(node)));
    }

    private void crash(int node) {
        down.add(node);
        if (random.nextInt(3) == 0) {
            trace.make(node, "lost=" + values++);
        }
        trace.stop(node, Event.Stop.KILLED);
        if (random.nextInt(4) == 0) {
            trace.lose(node, Event.Loss.WIPED, trace.disk(node).toArray(TracedUpdate[]::new));
            incarnations[node]++;
        }
    }

    private void restart(int node) {
        down.remove(node);
        trace.start(node, replica(node, 1 + incarnations[node]));
    }
}
