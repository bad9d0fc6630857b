/**
 * {@code hence client}: reads and writes at a node, one request at a time or in a shell.
 *
 * <p>Start reading at {@link dev.hence.cli.client.ClientCommand}; what a request does and prints is in
 * {@link dev.hence.cli.client.Requests}.
 */
@NullMarked
package dev.hence.cli.client;

import org.jspecify.annotations.NullMarked;
