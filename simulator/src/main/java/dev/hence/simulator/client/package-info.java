/**
 * The clients of a simulated cluster: each sends one request after the other, to one node or another, inside or outside
 * a session, and sometimes does not learn the outcome.
 *
 * <p>Start reading at {@link dev.hence.simulator.client.SimulatedClient}.
 */
@NullMarked
package dev.hence.simulator.client;

import org.jspecify.annotations.NullMarked;
