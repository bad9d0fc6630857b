package dev.hence.node.store;

import dev.hence.core.replica.CommitBatch;

/**
 * Is told of every commit once readers see it, in the order of commits and before the writes in it are answered;
 * changes that came from other nodes are among them.
 *
 * <p>Called on the writer's thread: it must neither block nor throw.
 */
@FunctionalInterface
public interface CommitListener {

    /** What was committed. It is shared and must not be changed. */
    void committed(CommitBatch changes);
}
