/**
 * The events of a simulated cluster, as plain facts: strings, numbers and lists. The checkers and the diagrams see
 * nothing else, so that no bug of the core can hide itself from them.
 *
 * <p>Start reading at {@link dev.hence.simulator.trace.Event}.
 */
@NullMarked
package dev.hence.simulator.trace;

import org.jspecify.annotations.NullMarked;
