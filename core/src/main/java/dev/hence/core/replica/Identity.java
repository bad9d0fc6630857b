package dev.hence.core.replica;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The replica that writes in a storage, and those that did before. It is stored with the data.
 *
 * <p><b>Why the earlier ones.</b> A disk that is set back to an earlier state, and written to before a peer tells, gives
 * dots a second time: the storage has <em>forked</em>. When that is found the node may already write under its next
 * incarnation. It has to know that the fork is of its own making, for then its updates depend on updates that its peers
 * will never deliver: what it acknowledges would reach no other node.
 *
 * <p><b>Invariant.</b> Once forked, always forked: the storage is given up, and {@code hence rescue} takes from it what
 * only it has. A storage that merely received the updates of a forked one is not forked itself.
 *
 * @param self under which it writes
 * @param earlier under which it has written in this storage before
 * @param forked a dot that it has given and under which others have another update; null while no such one is known
 */
public record Identity(
        ReplicaId self, Set<ReplicaId> earlier, @Nullable Dot forked) {

    /** Copies the set. */
    public Identity {
        earlier = Set.copyOf(earlier);
    }

    /** That of a new storage. */
    public static Identity of(ReplicaId self) {
        return new Identity(self, Set.of(), null);
    }

    /** The same storage with another identity to write under from now on. */
    public Identity renewed(ReplicaId next) {
        Set<ReplicaId> before = new HashSet<>(earlier);
        before.add(self);
        return new Identity(next, before, forked);
    }

    /** Takes in that others have another update than this storage under a dot: if it has written under its replica, it has forked. */
    public Identity differing(Dot dot) {
        return forked == null && wrote(dot.replica()) ? new Identity(self, earlier, dot) : this;
    }

    /** Whether this storage writes under that replica, or did. */
    public boolean wrote(ReplicaId replica) {
        return self.equals(replica) || earlier.contains(replica);
    }
}
