/**
 * The unit that replicas exchange: the {@link dev.hence.core.update.Update}, one atomic group of {@link
 * dev.hence.core.update.Operation}s with a dot, the context it was made on and a timestamp.
 *
 * <p>Start reading at {@link dev.hence.core.update.Update}.
 */
@NullMarked
package dev.hence.core.update;

import org.jspecify.annotations.NullMarked;
