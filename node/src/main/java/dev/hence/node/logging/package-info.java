/**
 * Limits how often the same problem is logged.
 *
 * <p>Start reading at {@link dev.hence.node.logging.RateLimitedLog}.
 */
@NullMarked
package dev.hence.node.logging;

import org.jspecify.annotations.NullMarked;
