/**
 * What people see: lines with or without colours, tables, clocks, bytes, and the same as JSON.
 *
 * <p>Start reading at {@link dev.hence.cli.terminal.Console}.
 */
@NullMarked
package dev.hence.cli.terminal;

import org.jspecify.annotations.NullMarked;
