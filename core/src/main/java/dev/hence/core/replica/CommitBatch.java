package dev.hence.core.replica;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.keyspace.KeyChange;
import dev.hence.core.update.Update;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Everything that a replica's core did since its changes were last taken. The host stores it as one atomic batch, and
 * only then acknowledges writes, lets readers see it and lets peers fetch it: a crash never leaves a clock ahead of its
 * data.
 *
 * @param delivered the updates delivered, those made here included, in the order of their delivery
 * @param keys what became of every key that changed
 * @param clock the clock after all of them
 * @param timestamp the largest hybrid logical timestamp given or observed
 * @param identity who writes in the storage now
 */
public record CommitBatch(
        List<Update> delivered, Map<Bytes, KeyChange> keys, VersionVector clock, long timestamp, Identity identity) {

    /**
     * Takes ownership of the collections: the caller must not keep references. Copying would cost every commit, and
     * an immutable copy of a map iterates in an order that differs from run to run.
     */
    public CommitBatch {
        delivered = Collections.unmodifiableList(delivered);
        keys = Collections.unmodifiableMap(keys);
    }

    /** The identity under which the replica now writes. */
    public ReplicaId self() {
        return identity.self();
    }
}
