/**
 * The memory that clients can have a node hold. Start reading at {@link dev.hence.node.memory.MemoryBudget}.
 */
@NullMarked
package dev.hence.node.memory;

import org.jspecify.annotations.NullMarked;
