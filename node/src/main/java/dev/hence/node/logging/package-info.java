/**
 * How often the log tells of the same trouble.
 *
 * <p>Start reading at {@link dev.hence.node.logging.RateLimitedLog}.
 */
@NullMarked
package dev.hence.node.logging;

import org.jspecify.annotations.NullMarked;
