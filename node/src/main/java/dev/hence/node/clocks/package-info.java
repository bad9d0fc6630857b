/**
 * This node's wall clock against those of its peers: jumps, agreement, and the time that may remove keys.
 *
 * <p>Start reading at {@link dev.hence.node.clocks.ClockWatch}.
 */
@NullMarked
package dev.hence.node.clocks;

import org.jspecify.annotations.NullMarked;
