/**
 * What a command is: its name, its arguments, its keys, what it does here and what comes of it when two nodes do
 * it at once. Arity errors, {@code COMMAND} and the reference page come from these declarations.
 *
 * <p>Start reading at {@link dev.hence.redis.command.Command}.
 */
@NullMarked
package dev.hence.redis.command;

import org.jspecify.annotations.NullMarked;
