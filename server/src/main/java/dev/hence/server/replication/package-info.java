/**
 * Moves updates between nodes: serves this node's feed and follows those of its peers. The decisions are
 * in the core; here are the streams, the reconnecting and the wire format.
 *
 * <p>Start reading at {@link dev.hence.server.replication.Replication}.
 */
@NullMarked
package dev.hence.server.replication;

import org.jspecify.annotations.NullMarked;
