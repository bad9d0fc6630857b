/**
 * What is visible to readers, sessions and followers: the clock of committed updates, the updates themselves, and
 * waiting for both. Nothing uncommitted is visible here.
 *
 * <p>Start reading at {@link dev.hence.node.visibility.VisibleClock}.
 */
@NullMarked
package dev.hence.node.visibility;

import org.jspecify.annotations.NullMarked;
