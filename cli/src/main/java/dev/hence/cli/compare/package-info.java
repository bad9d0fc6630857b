/**
 * {@code hence compare}: whether nodes hold the same keys, types, values and deadlines.
 *
 * <p>Start reading at {@link dev.hence.cli.compare.CompareCommand}.
 */
@NullMarked
package dev.hence.cli.compare;

import org.jspecify.annotations.NullMarked;
