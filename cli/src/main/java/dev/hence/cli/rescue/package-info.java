/**
 * {@code hence rescue}: prepares a node whose data directory has forked to bring its writes to the others.
 *
 * <p>Start reading at {@link dev.hence.cli.rescue.RescueCommand}.
 */
@NullMarked
package dev.hence.cli.rescue;

import org.jspecify.annotations.NullMarked;
