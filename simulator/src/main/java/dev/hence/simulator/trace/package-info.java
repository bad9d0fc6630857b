/**
 * What happened in a simulated cluster, as plain facts: strings, numbers and lists. The checkers and the
 * diagrams see these and nothing else, so that no mistake of the core can hide itself from them.
 *
 * <p>Start reading at {@link dev.hence.simulator.trace.Event}.
 */
@NullMarked
package dev.hence.simulator.trace;

import org.jspecify.annotations.NullMarked;
