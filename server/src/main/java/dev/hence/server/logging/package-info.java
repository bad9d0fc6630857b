/**
 * How often the log tells of the same trouble.
 *
 * <p>Start reading at {@link dev.hence.server.logging.Complaints}.
 */
@NullMarked
package dev.hence.server.logging;

import org.jspecify.annotations.NullMarked;
