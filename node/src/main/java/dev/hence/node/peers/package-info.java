/**
 * Moves updates between nodes: serves this node's feed and follows those of its peers. The decisions are in
 * {@link dev.hence.core.replication}, with a counterpart for nearly every class here; this package has the streams, the
 * threads, the wire format and the log messages.
 *
 * <p>Start reading at {@link dev.hence.node.peers.Replication}.
 */
@NullMarked
package dev.hence.node.peers;

import org.jspecify.annotations.NullMarked;
