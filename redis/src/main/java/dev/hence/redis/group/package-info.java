/**
 * The commands, one file for each group of them. Start reading at {@link dev.hence.redis.group.AllCommands}.
 */
@NullMarked
package dev.hence.redis.group;

import org.jspecify.annotations.NullMarked;
