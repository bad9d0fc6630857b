package dev.hence.simulator.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A builder of handmade traces: the test lists all events of a cluster, while contexts, clocks and read values are
 * correct unless the test overrides them.
 */
public final class TraceBuilder {
    /** One node of the naive model. */
    private static final class Node {
        String replica = "";
        Set<TracedUpdate> applied = new LinkedHashSet<>();
        Set<TracedUpdate> visible = new LinkedHashSet<>();
        final Set<TracedUpdate> disk = new LinkedHashSet<>();
    }

    private final Consumer<Event> observer;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<TracedUpdate, Set<TracedUpdate>> pasts = new HashMap<>();
    private int requests;
    private int updates;
    private long nowMicros;

    /** A cluster under the policy always, with buffers of 10 updates, whose nodes have started. */
    public TraceBuilder(int nodes, Consumer<Event> observer) {
        this(nodes, true, observer);
    }

    public TraceBuilder(int count, boolean alwaysSynced, Consumer<Event> observer) {
        this.observer = observer;
        observer.accept(new Event.Began(
                0,
                IntStream.range(0, count).mapToObj(TraceBuilder::name).toList(),
                IntStream.range(0, count).mapToObj(n -> alwaysSynced).toList(),
                new Event.Bounds(10)));
        for (int number = 0; number < count; number++) {
            nodes.add(new Node());
            start(number, replica(number, 1));
        }
    }

    public static String name(int node) {
        return "node" + (node + 1);
    }

    /** The identity of a node's n-th incarnation. */
    public static String replica(int node, int incarnation) {
        return String.format("%s~%016x", name(node), incarnation);
    }

    public static Map<String, Long> clockOf(Iterable<TracedUpdate> updates) {
        Map<String, Long> clock = new TreeMap<>();
        updates.forEach(update -> clock.merge(update.replica(), update.counter(), Math::max));
        return clock;
    }

    public long tick() {
        return ++nowMicros;
    }

    /** The wall clock of every node. */
    public long wallMillis() {
        return nowMicros / 1000;
    }

    public void emit(Event event) {
        observer.accept(event);
    }

    public Set<TracedUpdate> applied(int node) {
        return nodes.get(node).applied;
    }

    public Set<TracedUpdate> visible(int node) {
        return nodes.get(node).visible;
    }

    public Set<TracedUpdate> disk(int node) {
        return nodes.get(node).disk;
    }

    public String replicaOf(int node) {
        return nodes.get(node).replica;
    }

    public Set<TracedUpdate> pastOf(TracedUpdate update) {
        return pasts.getOrDefault(update, Set.of());
    }

    // --- processes and disks ---

    public void start(int number, String replica) {
        start(number, replica, List.copyOf(nodes.get(number).disk));
    }

    public void start(int number, String replica, List<TracedUpdate> onDisk) {
        Node node = nodes.get(number);
        node.replica = replica;
        node.applied = new LinkedHashSet<>(onDisk);
        node.visible = new LinkedHashSet<>(onDisk);
        emit(new Event.Started(tick(), number, replica, onDisk, clockOf(onDisk)));
    }

    public void renew(int number, String replica) {
        nodes.get(number).replica = replica;
        emit(new Event.Renewed(tick(), number, replica, "told so"));
    }

    public void stop(int node, Event.Stop how) {
        emit(new Event.Stopped(tick(), node, how));
    }

    public void lose(int node, Event.Loss how, TracedUpdate... lost) {
        Arrays.asList(lost).forEach(nodes.get(node).disk::remove);
        emit(new Event.DiskLost(tick(), node, how, List.of(lost), List.of()));
    }

    // --- updates ---

    public static List<Change> changes(String... texts) {
        return Stream.of(texts)
                .<Change>map(text -> text.startsWith("-")
                        ? new Change.Delete(text.substring(1))
                        : new Change.Set(key(text), value(text), Contents.NEVER))
                .toList();
    }

    private static List<Command> commands(String... texts) {
        return Stream.of(texts)
                .<Command>map(text -> text.startsWith("-")
                        ? new Command.Delete(text.substring(1))
                        : new Command.Set(key(text), value(text)))
                .toList();
    }

    private static String key(String text) {
        return text.substring(0, text.indexOf('='));
    }

    private static String value(String text) {
        return text.substring(text.indexOf('=') + 1);
    }

    /** Makes an update; changes are {@code x=1}, or {@code -x} to remove x. */
    public TracedUpdate make(int node, String... changes) {
        return make(node, clockOf(nodes.get(node).applied), changes);
    }

    public TracedUpdate make(int node, Map<String, Long> context, String... changes) {
        return make(node, context, changes(changes));
    }

    private TracedUpdate make(int node, Map<String, Long> context, List<Change> changes) {
        long timestamp = 1
                + nodes.get(node).applied.stream()
                        .mapToLong(TracedUpdate::timestamp)
                        .max()
                        .orElse(0);
        String replica = nodes.get(node).replica;
        return make(node, replica, context.getOrDefault(replica, 0L) + 1, context, timestamp, changes);
    }

    public TracedUpdate make(
            int number, String replica, long counter, Map<String, Long> context, long timestamp, String... changes) {
        return make(number, replica, counter, context, timestamp, changes(changes));
    }

    private TracedUpdate make(
            int number, String replica, long counter, Map<String, Long> context, long timestamp, List<Change> changes) {
        Node node = nodes.get(number);
        TracedUpdate update =
                new TracedUpdate(updates++, number, replica, counter, context, timestamp, nowMicros / 1000, changes);
        pasts.put(update, Set.copyOf(node.applied));
        node.applied.add(update);
        emit(new Event.Made(tick(), number, update));
        return update;
    }

    public void apply(int node, TracedUpdate update) {
        nodes.get(node).applied.add(update);
        emit(new Event.Applied(tick(), node, update));
    }

    public void receive(int node, TracedUpdate update, Event.Receipt receipt) {
        emit(new Event.Received(tick(), node, update, update.node(), receipt));
    }

    public void storeUnsynced(int node, TracedUpdate... updates) {
        nodes.get(node).disk.addAll(List.of(updates));
        emit(new Event.Stored(tick(), node, List.of(updates)));
    }

    public void sync(int node) {
        emit(new Event.Synced(tick(), node));
    }

    public void store(int node, TracedUpdate... updates) {
        storeUnsynced(node, updates);
        sync(node);
    }

    public void publish(int node, TracedUpdate... updates) {
        nodes.get(node).visible.addAll(List.of(updates));
        publish(node, clockOf(nodes.get(node).visible), updates);
    }

    public void publish(int node, Map<String, Long> clock, TracedUpdate... updates) {
        nodes.get(node).visible.addAll(List.of(updates));
        emit(new Event.Published(tick(), node, List.of(updates), clock));
    }

    /** Makes, stores and publishes. */
    public TracedUpdate write(int node, String... changes) {
        return write(node, changes(changes).toArray(Change[]::new));
    }

    public TracedUpdate write(int node, Change... changes) {
        TracedUpdate update = make(node, clockOf(nodes.get(node).applied), List.of(changes));
        store(node, update);
        publish(node, update);
        return update;
    }

    /** Receives, applies, stores and publishes. */
    public void deliver(int node, TracedUpdate... updates) {
        for (TracedUpdate update : updates) {
            receive(node, update, Event.Receipt.DELIVERED);
            apply(node, update);
        }
        store(node, updates);
        publish(node, updates);
    }

    public void stable(int node, Map<String, Long> clock) {
        emit(new Event.Stable(tick(), node, clock));
    }

    // --- clients ---

    public Request ask(String session, int node, List<String> reads, String... writes) {
        return ask(session, node, reads, commands(writes));
    }

    public Request ask(String session, int node, List<String> reads, List<Command> writes) {
        Request request = new Request(requests++, 0, session, node, reads, writes);
        emit(new Event.Asked(tick(), request));
        return request;
    }

    public List<Contents> serve(Request request) {
        List<Contents> values = request.reads().stream()
                .map(key -> Contents.string(candidates(key, visible(request.node()))))
                .toList();
        emit(new Event.Served(tick(), request, values, wallMillis()));
        return values;
    }

    public void answer(Request request, List<Contents> values, @Nullable TracedUpdate update) {
        answer(request, new Outcome.Done(values, update, clockOf(visible(request.node()))));
    }

    public void answer(Request request, Outcome outcome) {
        emit(new Event.Answered(tick(), request, outcome));
    }

    public void read(String session, int node, String... keys) {
        Request request = ask(session, node, List.of(keys));
        answer(request, serve(request), null);
    }

    public TracedUpdate writeIn(String session, int node, String... changes) {
        Request request = ask(session, node, List.of(), changes);
        serve(request);
        TracedUpdate update = write(node, changes);
        answer(request, List.of(), update);
        return update;
    }

    // --- the end ---

    public void end() {
        emit(new Event.Calmed(tick()));
        for (int node = 0; node < nodes.size(); node++) {
            end(node, state(applied(node)));
        }
    }

    public void end(int node, Map<String, Contents> values, TracedUpdate... buffered) {
        emit(new Event.Ended(tick(), node, clockOf(applied(node)), values, List.of(buffered)));
    }

    /** The content of keys after these updates, by pairwise comparison. */
    public Map<String, Contents> state(Set<TracedUpdate> updates) {
        Map<String, Contents> state = new TreeMap<>();
        Set<String> keys = updates.stream()
                .flatMap(update -> update.changes().stream())
                .map(Change::key)
                .collect(Collectors.toSet());
        for (String key : keys) {
            List<Candidate> candidates = candidates(key, updates);
            if (!candidates.isEmpty()) {
                state.put(key, Contents.string(candidates));
            }
        }
        return state;
    }

    private List<Candidate> candidates(String key, Set<TracedUpdate> updates) {
        List<TracedUpdate> touching = updates.stream()
                .filter(update -> update.changes().stream()
                        .anyMatch(change -> change.key().equals(key)))
                .toList();
        return touching.stream()
                .filter(one ->
                        touching.stream().noneMatch(other -> pastOf(other).contains(one)))
                .sorted(Comparator.comparingLong(TracedUpdate::timestamp)
                        .thenComparing(TracedUpdate::replica)
                        .reversed())
                .flatMap(update -> candidate(update, key).stream())
                .toList();
    }

    private static List<Candidate> candidate(TracedUpdate update, String key) {
        return update.changes().stream()
                .filter(change -> change.key().equals(key))
                .filter(Change.Set.class::isInstance)
                .map(change -> new Candidate(update.dot(), update.timestamp(), ((Change.Set) change).value()))
                .toList();
    }
}
