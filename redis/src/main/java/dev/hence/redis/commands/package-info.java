/** The commands, one file per group. Start reading at {@link dev.hence.redis.commands.AllCommands}. */
@NullMarked
package dev.hence.redis.commands;

import org.jspecify.annotations.NullMarked;
