/**
 * The checkers: each observes the events of a run and checks one promise of Hence. They share no code with the core,
 * and take the true state from {@link dev.hence.simulator.check.GroundTruth}, which trusts no claim of a node about
 * itself.
 *
 * <p>Start reading at {@link dev.hence.simulator.check.Checkers}.
 */
@NullMarked
package dev.hence.simulator.check;

import org.jspecify.annotations.NullMarked;
