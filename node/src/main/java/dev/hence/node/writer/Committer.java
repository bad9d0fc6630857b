package dev.hence.node.writer;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.node.CommitOrder;
import dev.hence.core.node.LogPosition;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Identity;
import dev.hence.core.replica.Replica;
import dev.hence.core.update.Update;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.engine.storage.Storage;
import dev.hence.node.store.CommitListener;
import dev.hence.node.visibility.VisibleClock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Carries out the steps in which a group is stored and then made visible to readers, feeds and listeners; {@link
 * CommitOrder} decides their order.
 *
 * <p>{@link #carryOut} is confined to the thread whose turn it is ({@link Turns}), except that one group at a time may be
 * forced by another; the rest is thread-safe.
 */
public final class Committer {

    /** From a fast disk to one that hangs. */
    private static final Duration[] COMMIT_BUCKETS = {
        Duration.ofNanos(250_000),
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofMillis(2_500)
    };

    private final Storage storage;
    private final WriterCache cache;
    private final VisibleClock published;
    private final UpdateLogger story;
    private final FsyncPolicy fsync;
    private final Timer commitTime;
    private final DistributionSummary batchUpdates;
    private final Counter local;
    private final Counter remote;
    private final List<CommitListener> listeners = new CopyOnWriteArrayList<>();
    private volatile Identity identity;
    private long startNanos;

    /** @param identity the one that the storage holds now */
    public Committer(
            Storage storage,
            WriterCache cache,
            VisibleClock published,
            UpdateLogger story,
            FsyncPolicy fsync,
            Identity identity,
            MeterRegistry meters) {
        this.storage = storage;
        this.cache = cache;
        this.published = published;
        this.story = story;
        this.fsync = fsync;
        this.identity = identity;
        this.commitTime = Timer.builder("hence.commit")
                .description("Time to store one batch, fsync included")
                .serviceLevelObjectives(COMMIT_BUCKETS)
                .register(meters);
        this.batchUpdates = DistributionSummary.builder("hence.commit.updates")
                .description("Updates that shared one batch")
                .register(meters);
        this.local = delivered("local", meters);
        this.remote = delivered("remote", meters);
    }

    private static Counter delivered(String origin, MeterRegistry meters) {
        return Counter.builder("hence.updates.delivered")
                .tag("origin", origin)
                .description("Updates delivered")
                .register(meters);
    }

    /** Registers a listener for all later commits, called by the thread that commits, one at a time. */
    public void listen(CommitListener listener) {
        listeners.add(listener);
    }

    /** The writer's identity in the storage, as of the last commit. */
    public Identity identity() {
        return identity;
    }

    /** Whether every group is forced to the disk before it is published. */
    boolean forcesGroups() {
        return fsync == FsyncPolicy.ALWAYS;
    }

    /** Whether the commit of a small group may have to wait for the disk, besides being forced. */
    boolean mayWait() {
        return storage.commitMayWait();
    }

    /** The stored rows, as the replica reads them. */
    WriterCache cache() {
        return cache;
    }

    /** The place in the log that the stored rows belong to. */
    LogPosition stored() {
        Replica.Recovered recovered = storage.recovered();
        return new LogPosition(storage.deliveredCount(), recovered.clock(), recovered.timestamp());
    }

    /** The writer is about to read or change the heads of keys. */
    void expect(List<Bytes> keys) {
        storage.expect(keys);
    }

    /**
     * Carries out a step of a group with changes.
     *
     * @throws dev.hence.engine.storage.StorageException if it may have happened or not
     */
    void carryOut(CommitOrder.Step<?> step) {
        CommitBatch changes = step.changes();
        switch (step.action()) {
            case APPEND -> {
                startNanos = System.nanoTime();
                storage.append(changes);
            }
            case FORCE -> force();
            case APPLY -> {
                storage.apply(changes);
                cache.committed(changes.keys());
                commitTime.record(Duration.ofNanos(System.nanoTime() - startNanos));
            }
            case PUBLISH -> publish(changes, step.group().end());
            case ANSWER -> throw new IllegalArgumentException(step + " (expected: a step of changes)");
        }
    }

    /** Forces the log; any thread. */
    void force() {
        storage.sync();
    }

    private void publish(CommitBatch changes, LogPosition end) {
        batchUpdates.record(changes.delivered().size());
        identity = changes.identity();
        published.committed(end.clock(), forcesGroups(), storage.position(), end.sequence());
        for (CommitListener listener : listeners) {
            listener.committed(changes);
        }
        story.committed(changes.delivered(), changes.self());
        count(changes);
    }

    private void count(CommitBatch changes) {
        int own = 0;
        for (Update update : changes.delivered()) {
            own += update.dot().replica().equals(changes.self()) ? 1 : 0;
        }
        local.increment(own);
        remote.increment(changes.delivered().size() - own);
    }
}
