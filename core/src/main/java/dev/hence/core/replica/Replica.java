package dev.hence.core.replica;

import dev.hence.core.clock.ClockBound;
import dev.hence.core.clock.Dot;
import dev.hence.core.clock.HybridLogicalClock;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.delivery.BufferedUpdate;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.keyspace.State;
import dev.hence.core.keyspace.StateOverlay;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Lineage;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.core.update.UpdateChecksum;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One replica of the store: a deterministic state machine.
 *
 * <p>Local transactions ({@link #write}) and updates from other replicas ({@link #receive}) go in. Both end in the same
 * place, {@link #apply}, so a replica treats its own updates exactly as every other replica does. Their changes
 * accumulate until the host takes them with {@link #takeChanges}, stores them as one atomic batch, and only then
 * acknowledges, publishes and replicates them. The host must prevent reads between taking and storing: the core reads
 * {@link State} again as soon as changes are taken.
 *
 * <p><b>Invariants.</b> (1) The clock contains exactly the dots of the updates applied. (2) An update's context is the
 * clock of its origin just before it, and its timestamp exceeds all those applied before. (3) A dot is used once: it is
 * the clock's next for {@code self}, and the clock is stored with the data. (4) No update is delivered whose context
 * names a dot under which this replica has another update than the origin had.
 *
 * <p>Not thread-safe: one writer owns it.
 */
public final class Replica {

    /**
     * The state from which a replica resumes.
     *
     * @param identity the identity of the storage's writer
     * @param clock the updates that are applied in the stored state
     * @param timestamp the largest hybrid logical timestamp that was stored, 0 for none
     */
    public record Recovered(Identity identity, VersionVector clock, long timestamp) {

        /** The state of a storage that has had no other writer. */
        public Recovered(ReplicaId self, VersionVector clock, long timestamp) {
            this(Identity.of(self), clock, timestamp);
        }

        /** The replica under which it writes. */
        public ReplicaId self() {
            return identity.self();
        }

        /** The initial state of a replica that has seen no update. */
        public static Recovered fresh(ReplicaId self) {
            return new Recovered(self, VersionVector.EMPTY, 0);
        }
    }

    /**
     * The limits that a replica enforces.
     *
     * @param buffer the limits of what is held for one origin
     * @param updateBytesMax the maximum size of one update: keys and values, and {@link Operation#OVERHEAD_BYTES} for
     *     each operation
     * @param valueBytesMax the maximum size of a value that a transaction computes from others; the host checks the
     *     values that it passes in
     * @param ahead the maximum by which received updates may be ahead of the wall clock
     */
    public record Limits(DeliveryBuffer.Limits buffer, long updateBytesMax, long valueBytesMax, ClockBound ahead) {
        /** @throws IllegalArgumentException if a limit is less than 1 */
        public Limits {
            if (updateBytesMax < 1) {
                throw new IllegalArgumentException("update limit: " + updateBytesMax + " bytes (expected: at least 1)");
            }
            if (valueBytesMax < 1) {
                throw new IllegalArgumentException("value limit: " + valueBytesMax + " bytes (expected: at least 1)");
            }
        }

        /** Limits that assume correct clocks. */
        public Limits(DeliveryBuffer.Limits buffer, long updateBytesMax, long valueBytesMax) {
            this(buffer, updateBytesMax, valueBytesMax, ClockBound.NONE);
        }

        /** Limits that assume correct clocks and allow values as long as an update can hold. */
        public Limits(DeliveryBuffer.Limits buffer, long updateBytesMax) {
            this(buffer, updateBytesMax, updateBytesMax);
        }
    }

    private final Limits limits;
    private final DeliveryBuffer buffer;
    private final HybridLogicalClock time;
    private final StateOverlay latest;
    private final UpdateChecksum checksum = new UpdateChecksum();
    private Identity identity;

    private List<Update> delivered = new ArrayList<>();
    private List<Frame> encoded = new ArrayList<>();
    private long deliveredBytes;
    private boolean identityChanged;

    /** @param log the stored updates: everything in the recovered clock, and later all changes that were taken */
    public Replica(Recovered recovered, State stored, Lineage.Log log, Limits limits) {
        this.identity = recovered.identity();
        this.limits = limits;
        this.buffer = new DeliveryBuffer(recovered.clock(), limits.buffer(), log);
        this.latest = new StateOverlay(stored);
        this.time = new HybridLogicalClock(recovered.timestamp());
    }

    /** Creates a replica that cannot look up stored updates: it trusts updates that name older ones. */
    public Replica(Recovered recovered, State stored, Limits limits) {
        this(recovered, stored, dot -> null, limits);
    }

    /** The identity under which this replica writes. */
    public ReplicaId self() {
        return identity.self();
    }

    /** The identity of the storage's writer, including changes that are not yet taken. */
    public Identity identity() {
        return identity;
    }

    /** The hybrid logical clock: the largest timestamp issued or applied. */
    public long timestamp() {
        return time.last();
    }

    /** The applied state, including changes that are not yet taken. */
    public VersionVector clock() {
        return buffer.clock();
    }

    /**
     * Runs a transaction; its changes become one update with one dot.
     *
     * @param wallMillis the node's wall clock
     * @throws UpdateTooLargeException if the update would exceed the limit; nothing happened then
     * @throws ForkedException if the storage has forked; nothing happened then
     */
    public <R> Written<R> write(long wallMillis, Transaction.Body<R> body) {
        Dot fork = identity.forked();
        if (fork != null) {
            throw new ForkedException(fork);
        }
        VersionVector context = buffer.clock();
        Dot dot = context.next(self());
        long timestamp = time.tick(wallMillis);
        Transaction transaction = new Transaction(latest, wallMillis, timestamp, dot, context, limits);
        R result = body.run(transaction);
        List<Operation> operations = transaction.netEffect();
        if (operations.isEmpty() && transaction.request().length() == 0) {
            return new Written<>(result, null);
        }
        Update update = Update.of(dot, context, timestamp, operations, buffer.past(), transaction.request(), checksum);
        requireSize(update, transaction.bytesMax());
        apply(update);
        buffer.deliverLocal(update);
        return new Written<>(result, update);
    }

    /** Receives a frame of one update, as {@link #receive(Frame, long)}. */
    public Receipt receive(Update update, long wallMillis) {
        return receive(Frame.of(update), wallMillis);
    }

    /**
     * Receives a frame from another replica, and applies everything that becomes deliverable.
     *
     * @param wallMillis the node's wall clock
     */
    public Receipt receive(Frame frame, long wallMillis) {
        ReplicaId self = self();
        Update last = frame.last();
        long named = frame.origin().equals(self)
                ? last.dot().counter()
                : last.context().get(self);
        if (named > buffer.clock().get(self)) {
            return new Receipt.Forgotten(new Dot(self, named));
        }
        // The last one has the largest timestamp. An update that is already present is a duplicate, whatever the clocks
        // show now.
        if (!limits.ahead().admits(last.timestamp(), wallMillis) && !buffer.has(last.dot())) {
            return new Receipt.AheadOfTime(ClockBound.aheadMillis(last.timestamp(), wallMillis));
        }
        Receipt receipt = buffer.receive(frame, wallMillis);
        for (Frame next = buffer.deliverNext(); next != null; next = buffer.deliverNext()) {
            apply(next);
        }
        return receipt instanceof Receipt.Delivered && !buffer.clock().contains(last.dot())
                ? new Receipt.Forked(last.dot())
                : receipt;
    }

    /**
     * Applies a frame of this replica's own log again, because the stored state does not have it: after a restart,
     * before anything else, in the order of the log. An update applied to a state that has it would leave two siblings,
     * so the host replays from exactly the place that the state belongs to.
     *
     * @throws IllegalStateException if it could not have been delivered here; nothing happened then
     */
    public void replay(Frame frame) {
        buffer.deliverLogged(frame);
        apply(frame);
    }

    /** As {@link DeliveryBuffer#takeForked}. */
    public List<Dot> takeForked() {
        return buffer.takeForked();
    }

    /**
     * Continues under a new identity, because the log of the present one is no longer whole. The updates written under
     * the old identity belong to another replica from now on.
     *
     * @throws IllegalArgumentException if the new identity has another name or has written before
     */
    public void renew(ReplicaId renewed) {
        if (!renewed.name().equals(self().name()) || buffer.clock().get(renewed) != 0) {
            throw new IllegalArgumentException("new identity of " + self() + ": " + renewed
                    + " (expected: the same name and an incarnation that was never used)");
        }
        identity = identity.renewed(renewed);
        identityChanged = true;
    }

    /** Records that a peer has another update than this replica under a dot: {@link Identity#differing}. */
    public void differing(Dot dot) {
        Identity before = identity;
        identity = identity.differing(dot);
        identityChanged |= !identity.equals(before);
    }

    /** Returns all changes since the last call, to be stored as one batch; null if there are none. */
    public @Nullable CommitBatch takeChanges() {
        if (delivered.isEmpty() && !identityChanged) {
            return null;
        }
        CommitBatch changes = new CommitBatch(delivered, encoded, latest.take(), buffer.clock(), time.last(), identity);
        buffer.stored();
        delivered = new ArrayList<>();
        encoded = new ArrayList<>();
        deliveredBytes = 0;
        identityChanged = false;
        return changes;
    }

    /** The size in bytes of the keys and values of the updates that {@link #takeChanges} would return. */
    public long untakenBytes() {
        return deliveredBytes;
    }

    /** Returns updates that wait for dependencies, at most n. */
    public List<BufferedUpdate> buffered(int countMax) {
        return buffer.buffered(countMax);
    }

    /** The number of updates that wait for dependencies. */
    public int bufferedCount() {
        return buffer.size();
    }

    private void apply(Frame frame) {
        if (frame.encoded().length() > 0) {
            encoded.add(frame);
        }
        for (Update update : frame.updates()) {
            apply(update);
        }
    }

    private void apply(Update update) {
        time.observe(update.timestamp());
        try {
            latest.apply(
                    update.operations(), new StateOverlay.Cause(update.dot(), update.timestamp(), update.context()));
        } catch (RuntimeException failed) {
            // The clock contains the update but the rows may hold half of it: the host must not treat this as a
            // rejection.
            throw new AssertionError(
                    "update " + update.dot() + ": could not be applied: " + failed.getMessage(), failed);
        }
        delivered.add(update);
        deliveredBytes += update.sizeBytes();
    }

    private static void requireSize(Update update, long bytesMax) {
        long bytes = update.sizeBytes();
        if (bytes > bytesMax) {
            throw new UpdateTooLargeException(bytes, bytesMax);
        }
    }
}
