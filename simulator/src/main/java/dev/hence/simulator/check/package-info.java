/**
 * The checkers: each watches the events of a run for one promise of Hence. They share no code with the
 * core.
 *
 * <p>Start reading at {@link dev.hence.simulator.check.Checker}.
 */
@NullMarked
package dev.hence.simulator.check;

import org.jspecify.annotations.NullMarked;
