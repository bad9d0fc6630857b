package dev.hence.node.store;

import dev.hence.core.replica.CommitBatch;

/**
 * Called for every commit once it is visible to readers, in the order of commits and before its writes are answered;
 * includes changes received from other nodes.
 *
 * <p>Called on the writer's thread: it must neither block nor throw.
 */
@FunctionalInterface
public interface CommitListener {

    /** What was committed. It is shared and must not be changed. */
    void committed(CommitBatch changes);
}
