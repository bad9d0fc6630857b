/**
 * The clients of a simulated cluster: each asks one thing after the other, of one node or another, inside a session
 * or outside, and sometimes does not learn what became of it.
 *
 * <p>Start reading at {@link dev.hence.simulator.client.SimulatedClient}.
 */
@NullMarked
package dev.hence.simulator.client;

import org.jspecify.annotations.NullMarked;
