package dev.hence.core.replica;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Lineage;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The update that closes an old replica of a forked storage before updates of that replica are reissued ({@link
 * Reissue}).
 *
 * <p><b>Why.</b> A clock shows what a node has applied. An old update that a peer has received but not delivered, or
 * that is still in a connection, is in no clock: it is reissued, and the peer may deliver the old one as well. An
 * increment would count twice. Asking every node what it holds does not help, because no node knows what is in flight.
 *
 * <p><b>How.</b> The rescued node takes the first dot of the old replica that no peer is known to have, and makes an
 * update under it that changes nothing. So the old replica forks on purpose at the point where it is to end. This is
 * skipped where it has already forked within what the rescued node has: where that node has a different update than the
 * forked storage in the past of the next one to be reissued.
 *
 * <p><b>Invariant.</b> When {@link #of} is empty for every old replica, no node ever delivers both an old update
 * <i>o</i> that the rescued node lacks and the update <i>r</i> that reissues it. Let (<i>R</i>, <i>m</i>) be the dot of
 * <i>o</i>, and <i>n</i> what the clock has of <i>R</i>. There is a dot <i>d</i> that the clock has, under which the
 * two storages have different updates, and that is the dot of <i>o</i> or in its past: if <i>m</i> &lt;= <i>n</i>, that
 * of <i>o</i> itself, because <i>o</i> is missing; otherwise one in the past of the forked storage's (<i>R</i>,
 * <i>n</i> + 1), which is <i>o</i> or in its past, because otherwise the replica would not be closed yet. <i>r</i> is
 * made on a clock with <i>d</i>. By the invariant of {@link Lineage} a node that has delivered <i>o</i> has one of the
 * two updates under <i>d</i>, and one that has delivered <i>r</i> has the other.
 *
 * <p>A node that holds <i>o</i> drops it when the closing update arrives ({@link
 * dev.hence.core.delivery.DeliveryBuffer}); a node that has delivered it is on the side of the forked storage, and
 * reports that.
 *
 * <p>The update is deterministic for a given end of a replica, so a rescued node that lost it in a power loss may make
 * it again.
 */
public final class Closing {

    private static final Bytes CLOSED = Bytes.utf8("closed");

    private Closing() {}

    /** The log of the forked storage. */
    @FunctionalInterface
    public interface ForkedLog {
        /** Returns an update of the log; null if the log does not hold it. */
        @Nullable
        Update update(Dot dot);
    }

    /**
     * Returns the update to be received before updates of an old replica are reissued; empty if there is nothing to
     * close.
     *
     * @param old a replica under which the forked storage has written
     * @param clock the updates that the rescued node has applied
     * @param here its log, which contains all of them
     */
    public static Optional<Update> of(ReplicaId old, VersionVector clock, Lineage.Log here, ForkedLog forked) {
        Update next = forked.update(clock.next(old));
        if (next == null || differInPast(next, clock, here, forked)) {
            return Optional.empty();
        }
        long last = clock.get(old);
        Update before = last == 0 ? null : forked.update(new Dot(old, last));
        VersionVector context = before == null ? VersionVector.EMPTY.with(old, last) : before.clock();
        long timestamp = before == null ? 1 : before.timestamp() + 1;
        Operation marks = new Operation.Publish(Reissue.CHANNEL, CLOSED);
        return Optional.of(
                Update.of(next.dot(), context, timestamp, List.of(marks), new Lineage(context, here).past()));
    }

    /** A checksum covers the updates before it, so comparing one per replica is enough. */
    private static boolean differInPast(Update next, VersionVector clock, Lineage.Log here, ForkedLog forked) {
        for (ReplicaId replica : next.context().replicas()) {
            long both = Math.min(next.context().get(replica), clock.get(replica));
            if (both > 0 && differ(new Dot(replica, both), here, forked)) {
                return true;
            }
        }
        return false;
    }

    private static boolean differ(Dot dot, Lineage.Log here, ForkedLog forked) {
        Integer mine = here.checksum(dot);
        Update old = forked.update(dot);
        return mine != null && old != null && mine != old.checksum();
    }
}
