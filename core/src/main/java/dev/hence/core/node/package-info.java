/**
 * The order of a node's steps, as state machines: what happened goes in, what the host does next comes out as data. The
 * node carries the steps out with threads and files, the simulator with simulated ones.
 *
 * <p>Start reading at {@link dev.hence.core.node.CommitOrder}; a restart is {@link dev.hence.core.node.Recovery}.
 */
@NullMarked
package dev.hence.core.node;

import org.jspecify.annotations.NullMarked;
