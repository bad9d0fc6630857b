package dev.hence.simulator.node;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.View;
import dev.hence.core.node.Checkpoints;
import dev.hence.core.node.LogPosition;
import dev.hence.core.node.Unstored;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Identity;
import dev.hence.core.replica.Replica;
import dev.hence.core.replication.HandshakeOutcome;
import dev.hence.core.replication.KnownForks;
import dev.hence.core.replication.LogNeeds;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.simulator.scenario.FsyncPolicy;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.world.Chance;
import dev.hence.simulator.world.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The process of a node, from its start to its end: the core behind its writer, the state published to readers and
 * peers, the feeds that it serves and those that it follows.
 */
public final class NodeProcess {
    private static final long SYNC_INTERVAL_MICROS = 1_000_000;
    private static final long TRIM_INTERVAL_MICROS = 300_000;
    private static final long SETTLED_MILLIS = 2_000;
    /** Small, so that a short run makes several checkpoints. */
    private static final long CHECKPOINT_BYTES = 700;

    private static final long UPDATE_BYTES_MAX = 1 << 20;
    /** The buffer's bytes per update: less than the size of many updates, so that either bound can be reached first. */
    private static final long BUFFERED_BYTES = Operation.OVERHEAD_BYTES + 4;

    private final Machine machine;
    private final Cluster cluster;
    private final Chance chance;
    private final Store store;
    private final Checkpoints checkpoints;
    private final Replica replica;
    private final Writer writer;
    private final Edge edge;
    private final FeedSource source;
    private final Following following;
    private final Clocks clocks;
    private final List<Runnable> publicationWaiters = new ArrayList<>();
    private final List<Runnable> readersOfUnpublished = new ArrayList<>();
    private Disk.@Nullable Checkpoint frozen;
    private boolean unpublished;
    private final KnownForks forks = new KnownForks();
    private Identity identity;
    private VersionVector clock;
    private VersionVector durable;
    private boolean closing;
    private long beganMillis;

    NodeProcess(Machine machine, Store store, Identity identity) {
        LogPosition stored = store.position();
        Replica.Recovered recovered = new Replica.Recovered(identity, stored.clock(), stored.timestamp());
        this.store = store;
        this.checkpoints = new Checkpoints(store.checkpoint(), store.bytes(), CHECKPOINT_BYTES);
        this.machine = machine;
        this.cluster = machine.cluster();
        this.chance = machine.chance().of("process", machine.chance().bits());
        this.identity = recovered.identity();
        this.clock = recovered.clock();
        // Opening the disk has forced everything on it.
        this.durable = recovered.clock();
        int bufferUpdatesMax = cluster.settings().bufferUpdatesMax();
        DeliveryBuffer.Limits buffer = new DeliveryBuffer.Limits(bufferUpdatesMax, bufferUpdatesMax * BUFFERED_BYTES);
        this.clocks = new Clocks(this);
        Unstored unstored = new Unstored(store.state(), store);
        this.replica = new Replica(
                recovered,
                unstored,
                unstored,
                new Replica.Limits(buffer, UPDATE_BYTES_MAX, UPDATE_BYTES_MAX, clocks.bound()));
        this.writer = new Writer(this, replica, unstored, stored);
        this.edge = new Edge(this);
        this.source = new FeedSource(this);
        this.following = new Following(this);
    }

    void begin() {
        beganMillis = millis();
        following.begin();
        if (cluster.settings().clocks().removesExpired()) {
            new Expirer(this).begin();
        }
        if (cluster.settings().trimsLogs()) {
            later(TRIM_INTERVAL_MICROS, this::trim);
        }
        if (machine.fsync() == FsyncPolicy.EVERYSEC) {
            later(SYNC_INTERVAL_MICROS, this::syncSoon);
        }
    }

    // --- used by its parts ---

    Machine machine() {
        return machine;
    }

    Cluster cluster() {
        return cluster;
    }

    Tracer tracer() {
        return cluster.tracer();
    }

    Chance chance() {
        return chance;
    }

    Store store() {
        return store;
    }

    Replica replica() {
        return replica;
    }

    Writer writer() {
        return writer;
    }

    Following following() {
        return following;
    }

    Clocks clocks() {
        return clocks;
    }

    /** By how much the held update of a stream is beyond the bound; 0 if no stream is held. */
    public long heldAheadMillis() {
        return following.heldAheadMillis();
    }

    /** The front end for clients. */
    public Edge edge() {
        return edge;
    }

    int number() {
        return machine.number();
    }

    /** Milliseconds on a monotonic clock. */
    long millis() {
        return cluster.agenda().nowMicros() / 1_000;
    }

    /** Schedules an action, which runs if the process still lives then. */
    void later(long micros, Runnable what) {
        cluster.agenda().after(micros, () -> machine.run(this, what));
    }

    /** Runs an action caused by an external arrival. */
    void run(Runnable what) {
        machine.run(this, what);
    }

    // --- published to readers and peers ---

    /** The identity of the last commit. */
    ReplicaId self() {
        return identity.self();
    }

    /** The dot at which its storage has forked; null if it knows of no fork. */
    @Nullable
    Dot forked() {
        return identity.forked();
    }

    /** The updates that readers and peers may see. */
    public VersionVector clock() {
        return clock;
    }

    /** The updates that this process announces as surviving a power loss. */
    VersionVector durable() {
        return durable;
    }

    boolean isClosing() {
        return closing;
    }

    /**
     * A batch is stored under the fsync policy: reads find it from now on, and its clock is published next. A reader of
     * the identity and then the clock may see the new identity with the old clock.
     */
    void reveal(CommitBatch changes) {
        store.apply(changes);
        identity = changes.identity();
        unpublished = true;
    }

    /**
     * Answers a client that has just read: at once, or when the clock of the state it has read is published. The client
     * never gets an older clock, with which it could see an older value at another node.
     */
    void whenReadIsPublished(Runnable answer) {
        if (unpublished) {
            readersOfUnpublished.add(answer);
        } else {
            answer.run();
        }
    }

    /** The revealed batches are now part of the clock given to readers and peers. */
    void publish(CommitBatch changes) {
        List<Update> updates = changes.delivered();
        unpublished = false;
        clock = changes.clock();
        if (machine.fsync() == FsyncPolicy.ALWAYS) {
            durable = clock;
        }
        tracer().tell(new Event.Published(tracer().now(), number(), tracer().of(updates), tracer().of(clock)));
        machine.effect();
        List<Runnable> readers = List.copyOf(readersOfUnpublished);
        readersOfUnpublished.clear();
        readers.forEach(Runnable::run);
        published();
    }

    private void published() {
        List<Runnable> waiters = List.copyOf(publicationWaiters);
        publicationWaiters.clear();
        waiters.forEach(waiter -> later(chance.between(5, 200), waiter));
        source.wake();
    }

    /** Schedules an action for soon after the next publication, or when the process begins to close. */
    void afterPublication(Runnable what) {
        publicationWaiters.add(what);
    }

    /** Deletes from the front of the log what no member needs any more. */
    private void trim() {
        store.trim(LogNeeds.storedByAll(durable, following.stored()));
        later(TRIM_INTERVAL_MICROS, this::trim);
    }

    private void syncSoon() {
        VersionVector written = clock;
        // Writes made while the disk is busy are not part of it.
        store.force();
        tracer().tell(new Event.Synced(tracer().now(), number()));
        machine.effect();
        later(chance.between(100, 20_000), () -> {
            durable = durable.join(written);
            later(SYNC_INTERVAL_MICROS, this::syncSoon);
        });
    }

    /** Carries out the next step towards a checkpoint, if one is due. */
    void checkpoint() {
        Checkpoints.Step step = checkpoints.next(writer.applied(), store.bytes());
        if (step == null) {
            return;
        }
        switch (step.action()) {
            case FREEZE -> {
                frozen = store.freeze(step.position());
                checkpointStepDone();
            }
            case FORCE ->
                later(chance.between(100, 3_000), () -> {
                    store.force();
                    tracer().tell(new Event.Synced(tracer().now(), number()));
                    machine.effect();
                    checkpointStepDone();
                });
            case WRITE ->
                later(chance.between(500, 20_000), () -> {
                    machine.disk().checkpoint(Objects.requireNonNull(frozen));
                    machine.effect();
                    checkpointStepDone();
                });
        }
    }

    private void checkpointStepDone() {
        checkpoints.done();
        checkpoint();
    }

    /** Another node has seen an update of this node that this node may have lost. */
    void seenElsewhere(Dot seen, String why) {
        if (HandshakeOutcome.hasForgotten(seen, self(), clock)) {
            writer.renew(self(), why);
        }
    }

    /** A peer has another update under a dot. */
    void differs(ReplicaId peer, Dot dot) {
        if (forks.differs(peer.name(), dot)) {
            writer.differing(dot);
            // Other followed nodes may be on either side, and their streams were opened before.
            later(1, following::endStreams);
        }
    }

    /** A peer was met, and no difference is known to either side. */
    void agrees(ReplicaId peer) {
        forks.agrees(peer.name());
    }

    /** Whether it reports to its operators that a node has different updates, or that it has forked. */
    public boolean showsFork(NodeProcess other) {
        return forked() != null || forks.byNode().containsKey(other.machine.name());
    }

    /** Whether it has detected that its storage has forked. */
    public boolean hasForked() {
        return forked() != null;
    }

    /** Whether its storage has written under a replica of which another node has other updates under the same dots. */
    public boolean wroteOtherThan(NodeProcess other) {
        return clock.replicas().stream().anyMatch(replica -> identity.wrote(replica) && differs(replica, other));
    }

    /** Whether another node really has other updates under the same dots, independent of what the two know. */
    public boolean hasOtherThan(NodeProcess other) {
        return clock.replicas().stream().anyMatch(replica -> differs(replica, other));
    }

    private boolean differs(ReplicaId replica, NodeProcess other) {
        long both = Math.min(clock.get(replica), other.clock.get(replica));
        return !machine.disk()
                .updatesOf(replica, both)
                .equals(other.machine.disk().updatesOf(replica, both));
    }

    /** Updates of an origin were dropped, because they depend on different updates than this node has. */
    void dropped(ReplicaId origin) {
        later(1, () -> following.endStreamsOf(origin));
    }

    /**
     * Whether its peers have reported everything they can know of its writes: it has followed each of them long enough
     * that no earlier message is in flight, and none holds an update of it that it lacks.
     */
    boolean hasHeardEverything() {
        boolean settled = millis() - beganMillis > SETTLED_MILLIS && following.followsAll();
        return settled && cluster.machines().stream().noneMatch(other -> other.holdsUnknownTo(self(), clock));
    }

    /** Whether this node holds an update of a replica that is not in a given clock. */
    boolean buffersUnknown(ReplicaId of, VersionVector known) {
        return replica.buffered(Integer.MAX_VALUE).stream()
                .map(buffered -> buffered.update().dot())
                .anyMatch(dot -> dot.replica().equals(of) && !known.contains(dot));
    }

    // --- its ends ---

    void accept(Connection<Message> connection) {
        source.accept(connection);
    }

    /** Ends cleanly: submitted tasks are committed and forced to the disk. */
    void close() {
        if (closing) {
            return;
        }
        closing = true;
        following.close();
        published();
        writer.close(() -> {
            Disk disk = machine.disk();
            store.force();
            disk.checkpoint(store.freeze(writer.applied()));
            disk.note(new Disk.Note(identity, disk.storage(), disk.requireNote().boot(), false, true));
            tracer().tell(new Event.Synced(tracer().now(), number()));
            machine.closed(this);
        });
    }

    /**
     * Ends the process.
     *
     * @param powered whether its machine has power to close its connections
     */
    void gone(boolean powered) {
        source.gone(powered);
        following.gone(powered);
        edge.gone(powered);
    }

    /** The number of updates that wait for dependencies. */
    public int bufferedCount() {
        return replica.bufferedCount();
    }

    /** Whether it has no pending work for its clients and its disk. */
    public boolean isIdle() {
        return writer.isIdle();
    }

    /** Emits the state at the end of the run. */
    public void tellEnd() {
        Tracer tracer = tracer();
        View ageless = View.of(store.state(), Long.MIN_VALUE);
        Map<String, Contents> values = new TreeMap<>();
        for (Bytes key : store.heads().keySet()) {
            Contents contents = tracer.of(ageless, key);
            if (!contents.equals(Contents.NOTHING)) {
                values.put(key.toString(), contents);
            }
        }
        tracer.tell(new Event.Ended(
                tracer.now(),
                number(),
                tracer.of(clock),
                values,
                replica.buffered(Integer.MAX_VALUE).stream()
                        .map(buffered -> tracer.of(buffered.update()))
                        .toList()));
    }
}
