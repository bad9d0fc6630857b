/**
 * What clients saw, and whether a causal store may show it: checkers that share no code with what they check.
 *
 * <p>Start reading at {@link dev.hence.system.history.RegisterHistory}.
 */
@NullMarked
package dev.hence.system.history;

import org.jspecify.annotations.NullMarked;
