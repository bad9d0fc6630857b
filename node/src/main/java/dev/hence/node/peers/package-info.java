/**
 * Moves updates between nodes: serves this node's feed and follows those of its peers. The decisions are
 * in {@link dev.hence.core.replication}, one class there for nearly each one here; here are the streams, the threads,
 * the wire format and what the log tells people.
 *
 * <p>Start reading at {@link dev.hence.node.peers.Replication}.
 */
@NullMarked
package dev.hence.node.peers;

import org.jspecify.annotations.NullMarked;
