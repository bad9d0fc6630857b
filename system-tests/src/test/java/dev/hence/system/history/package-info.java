/**
 * What clients saw, and whether a causal store may show it: checkers that share no code with what they check.
 *
 * <p>Two kinds: a writer that is alone on its keys knows what they must hold, and clients that share keys record a
 * history, as simulated clients do, which is checked as a whole. Start reading at {@link
 * dev.hence.system.history.RegisterHistory}, then {@link dev.hence.system.history.RecordingClient}.
 */
@NullMarked
package dev.hence.system.history;

import org.jspecify.annotations.NullMarked;
