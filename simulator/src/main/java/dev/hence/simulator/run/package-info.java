/**
 * Runs scenarios: one with its checkers, the shrinking of one that fails, and many seeds.
 *
 * <p>Start reading at {@link dev.hence.simulator.run.Simulation}.
 */
@NullMarked
package dev.hence.simulator.run;

import org.jspecify.annotations.NullMarked;
