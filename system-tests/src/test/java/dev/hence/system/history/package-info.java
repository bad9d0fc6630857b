/**
 * Checkers of what clients saw against the guarantees of a causal store; they share no code with what they check.
 *
 * <p>Two kinds: the only writer of a key knows what it must hold, and clients that share keys record a history, as
 * simulated clients do, which is checked as a whole. Start reading at {@link dev.hence.system.history.RegisterHistory},
 * then {@link dev.hence.system.history.RecordingClient}.
 */
@NullMarked
package dev.hence.system.history;

import org.jspecify.annotations.NullMarked;
