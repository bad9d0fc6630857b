/**
 * {@code hence log}: shows and verifies the log in a data directory.
 *
 * <p>Start reading at {@link dev.hence.cli.log.LogCommand}.
 */
@NullMarked
package dev.hence.cli.log;

import org.jspecify.annotations.NullMarked;
