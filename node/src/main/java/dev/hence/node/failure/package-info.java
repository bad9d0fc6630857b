/** The failure of a node that can no longer serve. Start reading at {@link dev.hence.node.failure.NodeFailure}. */
@NullMarked
package dev.hence.node.failure;

import org.jspecify.annotations.NullMarked;
