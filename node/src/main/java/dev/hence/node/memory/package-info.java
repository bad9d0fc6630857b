/** The memory that a node holds for its clients. Start reading at {@link dev.hence.node.memory.MemoryBudget}. */
@NullMarked
package dev.hence.node.memory;

import org.jspecify.annotations.NullMarked;
