/**
 * The checkers: each watches the events of a run for one promise of Hence. They share no code with the
 * core, and what is true they take from {@link dev.hence.simulator.check.GroundTruth}, which believes
 * nothing that a node says of itself.
 *
 * <p>Start reading at {@link dev.hence.simulator.check.Checkers}.
 */
@NullMarked
package dev.hence.simulator.check;

import org.jspecify.annotations.NullMarked;
