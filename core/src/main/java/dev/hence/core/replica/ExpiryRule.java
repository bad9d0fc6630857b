package dev.hence.core.replica;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.KeyHead;

/**
 * The rule for when a replica removes an expired key.
 *
 * <p>A key is kept for a margin after its deadline, for clients of a node whose clock is behind. Then the replica that
 * set the deadline removes it; if it does not - it is unreachable, or has taken a new incarnation - any replica does
 * after a further delay. So normally one update removes a key, not one per node.
 *
 * <p><b>Invariant.</b> No key is removed earlier than the margin after its deadline, by the time passed in. That time
 * must not be a single node's clock: see {@link dev.hence.core.replication.ClockAgreement.Reading#removalMillis}.
 *
 * @param marginMillis how long a key stays after its deadline
 * @param othersMillis how much longer it stays if another replica set the deadline
 */
public record ExpiryRule(long marginMillis, long othersMillis) {

    /** Whether a replica may remove a key at a time. */
    public boolean mayRemove(KeyHead head, long nowMillis, ReplicaId self) {
        long deadline = head.deadlineMillis();
        boolean own = false;
        for (Deadlines.Entry entry : head.deadlines().entries()) {
            own |= entry.millis() == deadline && entry.dot().replica().equals(self);
        }
        return deadline <= nowMillis - marginMillis - (own ? 0 : othersMillis);
    }
}
