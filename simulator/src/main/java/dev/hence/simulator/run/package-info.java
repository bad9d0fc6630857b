/**
 * Runs of scenarios: a single run with its checkers, the shrinking of a failing scenario, and campaigns of many seeds.
 *
 * <p>Start reading at {@link dev.hence.simulator.run.Simulation}.
 */
@NullMarked
package dev.hence.simulator.run;

import org.jspecify.annotations.NullMarked;
