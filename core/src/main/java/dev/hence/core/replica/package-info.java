/**
 * The replica as a deterministic state machine: local transactions and received updates go in; what must be stored and
 * what became visible comes out. It has no socket, disk, thread, wall clock or randomness; a host passes in the time
 * and carries out the effects in the order of {@code core.node}.
 *
 * <p>Start reading at {@link dev.hence.core.replica.Replica}.
 */
@NullMarked
package dev.hence.core.replica;

import org.jspecify.annotations.NullMarked;
