/**
 * What every command of {@code hence} has in common: how it declares its options, how it ends.
 *
 * <p>Start reading at {@link dev.hence.cli.command.Command}.
 */
@NullMarked
package dev.hence.cli.command;

import org.jspecify.annotations.NullMarked;
