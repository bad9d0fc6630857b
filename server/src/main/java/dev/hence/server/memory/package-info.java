/**
 * The memory that clients can have a node hold. Start reading at {@link dev.hence.server.memory.MemoryBudget}.
 */
@NullMarked
package dev.hence.server.memory;

import org.jspecify.annotations.NullMarked;
