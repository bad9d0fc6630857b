package dev.hence.node.expiry;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.CollectionMeta;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.keyspace.StateOverlay;
import dev.hence.core.replica.ExpiryRule;
import dev.hence.core.replica.Transaction;
import dev.hence.core.replica.UpdateTooLargeException;
import dev.hence.engine.storage.Storage;
import dev.hence.engine.storage.StorageException;
import dev.hence.node.clocks.ClockWatch;
import dev.hence.node.failure.NodeFailure;
import dev.hence.node.store.Store;
import dev.hence.node.store.WriteRefusedException;
import dev.hence.node.store.WriteUncertainException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes expired keys by ordinary transactions. When it does so does not matter to clients: a key is invisible at each
 * node from the moment that the node's wall clock reaches the deadline. Only its rows are removed.
 *
 * <p>A removal covers only what it has observed, so a concurrent write survives. But a client of a node whose clock is
 * behind may still see the key, and base a write on it. A key is therefore kept for a margin after its deadline, and
 * longer by replicas that did not set the deadline ({@link ExpiryRule}).
 *
 * <p><b>Invariant.</b> With other members present, this node's wall clock alone never causes a removal. The time that
 * counts is the earliest of the clocks that agree with it, and only if it agrees with most members
 * ({@link ClockWatch#removalMillis}): a removal is replicated, and a wrong clock would remove the keys of all nodes.
 * Waiting is safe because the keys are invisible, so removal also waits while too few peers are heard to decide.
 *
 * <p>Not thread-safe, except {@link #close}.
 */
public final class Expirer implements AutoCloseable {

    /** How long a key is kept after its deadline: the maximum difference between clocks. */
    static final Duration MARGIN = Duration.ofSeconds(10);

    /** How much longer it is kept if another replica set the deadline. */
    static final Duration OTHERS = Duration.ofSeconds(60);

    private static final String THREAD = "hence-expirer";
    private static final ExpiryRule RULE = new ExpiryRule(MARGIN.toMillis(), OTHERS.toMillis());
    private static final Logger log = LoggerFactory.getLogger(Expirer.class);
    private static final Duration PAUSE_MIN = Duration.ofSeconds(1);
    private static final int BATCH_KEYS_MAX = 256;
    private static final int STEP_ELEMENTS_MAX = 4_096;

    private final Storage storage;
    private final Store store;
    private final ClockWatch clocks;
    private final Counter removed;
    private final Counter looks;
    private final Thread thread;

    /**
     * How far the deadlines that this replica set have been processed. A deadline that later falls before this position
     * is treated like those of other replicas.
     */
    private Storage.@Nullable Due lookedAt;

    public Expirer(Storage storage, Store store, ClockWatch clocks, NodeFailure failure, MeterRegistry meters) {
        this.storage = storage;
        this.store = store;
        this.clocks = clocks;
        this.removed = Counter.builder("hence.keys.expired")
                .description("Expired keys that this node removed")
                .register(meters);
        this.looks = Counter.builder("hence.expiry.looks")
                .description("Number of searches for expired keys, whether or not the clock allows this node to"
                        + " remove any")
                .register(meters);
        this.thread = Thread.ofPlatform().daemon().name(THREAD).unstarted(failure.unlessItFails(THREAD, this::loop));
    }

    public void start() {
        thread.start();
    }

    /** The number of keys removed. */
    public long removedCount() {
        return (long) removed.count();
    }

    /** Anything left when it ends is removed after the next start, or by other nodes. */
    private void loop() throws InterruptedException {
        while (true) {
            Duration pause = removeDue();
            looks.increment();
            Thread.sleep(pause);
        }
    }

    /**
     * Removes the keys that are due now; returns for how long no others will be due.
     *
     * <p>A deadline that is set from now on is in the future, so it is due a margin from now at the earliest: a pause
     * of that length misses nothing.
     */
    Duration removeDue() throws InterruptedException {
        try {
            OptionalLong now = clocks.removalMillis();
            if (now.isEmpty()) {
                return PAUSE_MIN;
            }
            long dueMillis = now.getAsLong() - MARGIN.toMillis();
            sweep(null, dueMillis - OTHERS.toMillis());
            lookedAt = sweep(lookedAt, dueMillis);
            return pause(now.getAsLong());
        } catch (WriteRefusedException | WriteUncertainException | StorageException failed) {
            log.debug("The removal of expired keys is postponed: {}", failed.getMessage());
            return MARGIN;
        }
    }

    private Duration pause(long nowMillis) {
        long pauseMillis = MARGIN.toMillis();
        for (Storage.Due own : storage.due(lookedAt, Long.MAX_VALUE, 1)) {
            pauseMillis = Math.min(pauseMillis, own.millis() - nowMillis + MARGIN.toMillis());
        }
        for (Storage.Due any : storage.due(null, Long.MAX_VALUE, 1)) {
            pauseMillis = Math.min(
                    pauseMillis, any.millis() - nowMillis + MARGIN.plus(OTHERS).toMillis());
        }
        return Duration.ofMillis(Math.max(pauseMillis, PAUSE_MIN.toMillis()));
    }

    /**
     * Removes the removable keys with deadlines after one position and up to a time; returns the last deadline it met.
     */
    private Storage.@Nullable Due sweep(Storage.@Nullable Due after, long throughMillis) throws InterruptedException {
        Storage.Due last = after;
        while (true) {
            List<Storage.Due> due = storage.due(last, throughMillis, BATCH_KEYS_MAX);
            if (due.isEmpty()) {
                return last;
            }
            OptionalLong now = clocks.removalMillis();
            remove(due.stream()
                    .map(Storage.Due::key)
                    .filter(key -> mayRemove(storage.head(key), now, store.self()))
                    .toList());
            last = due.getLast();
        }
    }

    private void remove(List<Bytes> keys) throws InterruptedException {
        if (keys.isEmpty()) {
            return;
        }
        try {
            removed.increment(
                    store.write(transaction -> remove(keys, transaction)).result());
        } catch (UpdateTooLargeException tooLarge) {
            if (keys.size() == 1) {
                removeInSteps(keys.getFirst());
            } else {
                remove(keys.subList(0, keys.size() / 2));
                remove(keys.subList(keys.size() / 2, keys.size()));
            }
        }
    }

    /**
     * A removal names the increments that it has observed, so the removal of a very large collection does not fit into
     * one update. Its elements are then removed before the key. The key is invisible, so no client sees that.
     */
    private void removeInSteps(Bytes key) throws InterruptedException {
        int countMax = STEP_ELEMENTS_MAX;
        boolean more = true;
        while (more && countMax > 0) {
            int step = countMax;
            try {
                more = store.write(transaction -> removeSome(key, step, transaction))
                                .result()
                        == step;
            } catch (UpdateTooLargeException tooLarge) {
                countMax /= 2;
            }
        }
        try {
            removed.increment(store.write(transaction -> remove(List.of(key), transaction))
                    .result());
        } catch (UpdateTooLargeException tooLarge) {
            log.warn("An expired key cannot be removed; it stays invisible: {}", tooLarge.getMessage());
        }
    }

    private int removeSome(Bytes key, int countMax, Transaction transaction) {
        KeyHead head = transaction.head(key);
        int count = 0;
        if (mayRemove(head, clocks.removalMillis(), transaction.dot().replica())) {
            for (CollectionMeta collection : head.collections()) {
                for (Bytes element : StateOverlay.counted(transaction, key, collection.type(), countMax - count)) {
                    transaction.remove(key, collection.type(), element);
                    count++;
                }
            }
        }
        return count;
    }

    /**
     * Checked again on the writer's thread: a client may have written the key, or moved its deadline, in the meantime.
     */
    private int remove(List<Bytes> keys, Transaction transaction) {
        OptionalLong now = clocks.removalMillis();
        int count = 0;
        for (Bytes key : keys) {
            if (mayRemove(transaction.head(key), now, transaction.dot().replica())) {
                transaction.delete(key);
                count++;
            }
        }
        return count;
    }

    private static boolean mayRemove(KeyHead head, OptionalLong now, ReplicaId self) {
        return now.isPresent() && RULE.mayRemove(head, now.getAsLong(), self);
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
