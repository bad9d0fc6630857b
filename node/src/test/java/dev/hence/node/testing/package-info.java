/** Test fixtures shared by several packages. Start reading at {@link dev.hence.node.testing.NodeConfigs}. */
@NullMarked
package dev.hence.node.testing;

import org.jspecify.annotations.NullMarked;
