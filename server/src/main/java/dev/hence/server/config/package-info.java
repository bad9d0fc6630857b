/**
 * What a node can be told when it starts: every setting once, with its flag, environment variable, key in
 * a file, default and accepted values.
 *
 * <p>Start reading at {@link dev.hence.server.config.Settings}, the table; {@link
 * dev.hence.server.config.NodeSettings} reads it into a {@link dev.hence.server.config.NodeConfig}.
 */
@NullMarked
package dev.hence.server.config;

import org.jspecify.annotations.NullMarked;
