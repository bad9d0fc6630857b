/**
 * Brings updates that only a forked data directory holds to the other nodes, as updates of a new incarnation.
 *
 * <p>{@code hence rescue} sets the content aside ({@link dev.hence.node.rescue.RescueOrder}); the node then starts with
 * an empty database, fetches everything from its peers and reissues the rest ({@link dev.hence.node.rescue.Rescue}).
 *
 * <p>Start reading at {@link dev.hence.node.rescue.Rescue}.
 */
@NullMarked
package dev.hence.node.rescue;

import org.jspecify.annotations.NullMarked;
