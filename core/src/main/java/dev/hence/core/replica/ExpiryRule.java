package dev.hence.core.replica;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.KeyHead;

/**
 * When a replica removes an expired key.
 *
 * <p>A key is left alone for a margin after its deadline, for clients of a node whose clock is behind. Then the
 * replica that set the deadline removes it; if it does not - it is away, or has become another incarnation - anyone
 * does after a while more. So one update removes a key, as a rule, and not one at each node.
 *
 * <p><b>Invariant.</b> No key is removed earlier than the margin after its deadline, by the time that is given. That
 * must not be one node's clock: see {@link dev.hence.core.replication.ClockAgreement.Reading#removalMillis}.
 *
 * @param marginMillis for how long a key stays after its deadline
 * @param othersMillis for how much longer if another replica set the deadline
 */
public record ExpiryRule(long marginMillis, long othersMillis) {

    /** Whether a replica may remove a key at a time. */
    public boolean mayRemove(KeyHead head, long nowMillis, ReplicaId self) {
        long deadline = head.deadlines().latest();
        boolean own = false;
        for (Deadlines.Entry entry : head.deadlines().entries()) {
            own |= entry.millis() == deadline && entry.dot().replica().equals(self);
        }
        return deadline <= nowMillis - marginMillis - (own ? 0 : othersMillis);
    }
}
