package dev.hence.node.store;

import dev.hence.core.replica.CommitBatch;

/**
 * A listener for commits. It is called for every commit once it is visible to readers, in commit order and before its
 * writes are answered; this includes updates received from other nodes.
 *
 * <p>Called by the thread that commits, one at a time: it must neither block nor throw.
 */
@FunctionalInterface
public interface CommitListener {

    /** The committed changes. The batch is shared and must not be modified. */
    void committed(CommitBatch changes);
}
