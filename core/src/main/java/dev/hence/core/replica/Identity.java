package dev.hence.core.replica;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a storage's writer, present and past. It is stored with the data.
 *
 * <p><b>Why the earlier ones.</b> When a disk is rolled back to an earlier state and written to before a peer reports
 * it, dots are reused: the storage has <em>forked</em>. When this is detected the node may already write under its next
 * incarnation. It has to know that it is the forked side, because then its updates depend on updates that its peers
 * will never deliver: an acknowledged write would reach no other node.
 *
 * <p><b>Invariant.</b> Once forked, always forked: the storage is abandoned, and {@code hence rescue} recovers from it
 * the updates that no other storage has. A storage that merely received the updates of a forked one is not forked
 * itself.
 *
 * @param self the replica under which the node writes
 * @param earlier the replicas under which it has written in this storage before
 * @param forked a dot that it has used and under which other nodes have another update; null while no such dot is known
 */
public record Identity(
        ReplicaId self, Set<ReplicaId> earlier, @Nullable Dot forked) {

    /** Copies the set. */
    public Identity {
        earlier = Set.copyOf(earlier);
    }

    /** Returns the identity of a new storage. */
    public static Identity of(ReplicaId self) {
        return new Identity(self, Set.of(), null);
    }

    /** Returns the identity after a change to another replica, under which the node writes from now on. */
    public Identity renewed(ReplicaId next) {
        Set<ReplicaId> before = new HashSet<>(earlier);
        before.add(self);
        return new Identity(next, before, forked);
    }

    /**
     * Records that other nodes have a different update than this storage under a dot: if this storage has written under
     * the dot's replica, it has forked.
     */
    public Identity differing(Dot dot) {
        return forked == null && wrote(dot.replica()) ? new Identity(self, earlier, dot) : this;
    }

    /** Whether the node writes or has written in this storage under that replica. */
    public boolean wrote(ReplicaId replica) {
        return self.equals(replica) || earlier.contains(replica);
    }
}
