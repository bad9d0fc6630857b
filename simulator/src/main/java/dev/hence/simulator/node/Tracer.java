package dev.hence.simulator.node;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.MvRegister;
import dev.hence.core.keyspace.View;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.simulator.check.Violation;
import dev.hence.simulator.trace.Candidate;
import dev.hence.simulator.trace.Change;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.TracedUpdate;
import dev.hence.simulator.world.Agenda;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Emits the events of the trace: converts the types of the core to plain facts. */
public final class Tracer {
    private final Agenda agenda;
    private final Consumer<Event> sink;
    private final IdentityHashMap<Update, TracedUpdate> updates = new IdentityHashMap<>();
    private final Map<Dot, List<Update>> byDot = new HashMap<>();
    private final Map<ReplicaId, String> replicas = new HashMap<>();
    private int made;
    private int requests;

    public Tracer(Agenda agenda, Consumer<Event> sink) {
        this.agenda = agenda;
        this.sink = sink;
    }

    /** The present moment. */
    public long now() {
        return agenda.nowMicros();
    }

    /** Returns the number of the next request. */
    public int nextRequest() {
        return requests++;
    }

    /** Emits an event. */
    public void tell(Event event) {
        sink.accept(event);
    }

    /** Registers an update that a node has just made. */
    TracedUpdate made(int node, Update update, long wallMillis) {
        TracedUpdate traced = new TracedUpdate(
                made++,
                node,
                of(update.dot().replica()),
                update.dot().counter(),
                of(update.context()),
                update.timestamp(),
                wallMillis,
                update.operations().stream().map(Tracer::of).toList());
        updates.put(update, traced);
        byDot.computeIfAbsent(update.dot(), dot -> new ArrayList<>(1)).add(update);
        return traced;
    }

    /**
     * Returns the registered objects of updates that were read from a disk.
     *
     * @throws Violation if one was never made
     */
    List<Update> known(List<Update> decoded) {
        List<Update> known = new ArrayList<>(decoded.size());
        for (Update update : decoded) {
            known.add(known(update));
        }
        return known;
    }

    /**
     * Registers the updates of a frame that a peer sent, under the objects that were decoded.
     *
     * @throws Violation if one was never made
     */
    void decoded(Frame frame) {
        frame.updates().forEach(update -> updates.put(update, of(known(update))));
    }

    private Update known(Update decoded) {
        for (Update made : byDot.getOrDefault(decoded.dot(), List.of()).reversed()) {
            if (made.checksum() == decoded.checksum() && made.equals(decoded)) {
                return made;
            }
        }
        throw new Violation("durability", "a log or a peer has " + decoded + ", which nobody made");
    }

    private static Change of(Operation operation) {
        return switch (operation) {
            case Operation.SetString set ->
                new Change.Set(set.key().toString(), set.value().toString(), set.deadlineMillis());
            case Operation.DeleteKey delete -> new Change.Delete(delete.key().toString());
            case Operation.Assign assign ->
                new Change.Put(
                        assign.key().toString(),
                        Reading.of(assign.type()),
                        Reading.name(assign.type(), assign.element()),
                        assign.value().toString());
            case Operation.Remove remove ->
                new Change.Remove(
                        remove.key().toString(),
                        Reading.of(remove.type()),
                        Reading.name(remove.type(), remove.element()));
            case Operation.Increment increment ->
                new Change.Add(
                        increment.key().toString(),
                        Reading.of(increment.type()),
                        Reading.name(increment.type(), increment.element()),
                        increment.delta());
            case Operation.Expire expire -> new Change.Expire(expire.key().toString(), expire.deadlineMillis());
            case Operation.Publish publish ->
                throw new IllegalStateException(publish + " (expected: none, no client publishes)");
        };
    }

    /** Returns the trace's object for a registered update. */
    TracedUpdate of(Update update) {
        TracedUpdate traced = updates.get(update);
        if (traced == null) {
            throw new IllegalStateException("update " + update.dot() + ": not registered (expected: made before)");
        }
        return traced;
    }

    boolean knows(Update update) {
        return updates.containsKey(update);
    }

    List<TracedUpdate> of(Collection<Update> some) {
        return some.stream().map(this::of).toList();
    }

    String of(Dot dot) {
        return of(dot.replica()) + ":" + dot.counter();
    }

    String of(ReplicaId replica) {
        return replicas.computeIfAbsent(replica, ReplicaId::toString);
    }

    /** Returns a clock as a map. */
    public Map<String, Long> of(VersionVector clock) {
        Map<String, Long> map = new LinkedHashMap<>();
        clock.forEach((replica, counter) -> map.put(of(replica), counter));
        return map;
    }

    List<Candidate> of(MvRegister register) {
        return register.entries().stream()
                .map(entry -> new Candidate(
                        of(entry.dot().replica()) + ":" + entry.dot().counter(),
                        entry.timestamp(),
                        entry.value().toString()))
                .toList();
    }

    /** Returns the content of a key, as visible at the view's time. */
    Contents of(View view, Bytes key) {
        return new Reading(this, view, key).contents();
    }
}
