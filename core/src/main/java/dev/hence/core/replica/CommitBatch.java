package dev.hence.core.replica;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.keyspace.KeyChange;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Update;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Everything that a replica did since its changes were last taken. The host stores it as one atomic batch, and only
 * then acknowledges writes, publishes it to readers and lets peers fetch it: a crash never leaves a clock ahead of its
 * data.
 *
 * @param delivered the updates delivered, including those made here, in delivery order
 * @param encoded those of them that arrived in encoded frames and were delivered as whole frames, in the same order
 * @param keys the change of every key that changed
 * @param clock the clock after all of them
 * @param timestamp the largest hybrid logical timestamp issued or observed
 * @param identity the identity of the storage's writer now
 */
public record CommitBatch(
        List<Update> delivered,
        List<Frame> encoded,
        Map<Bytes, KeyChange> keys,
        VersionVector clock,
        long timestamp,
        Identity identity) {

    /**
     * Takes ownership of the collections: the caller must not keep references to them. Copying would cost every commit,
     * and an immutable copy of a map iterates in an order that differs from run to run.
     */
    public CommitBatch {
        delivered = Collections.unmodifiableList(delivered);
        encoded = Collections.unmodifiableList(encoded);
        keys = Collections.unmodifiableMap(keys);
    }

    /** The identity under which the replica now writes. */
    public ReplicaId self() {
        return identity.self();
    }
}
