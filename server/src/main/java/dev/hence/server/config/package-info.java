/**
 * What a node can be told when it starts: every setting once, with its flag, environment variable, key in
 * a file, default and accepted values.
 *
 * <p>Start reading at {@link dev.hence.server.config.NodeConfig}.
 */
@NullMarked
package dev.hence.server.config;

import org.jspecify.annotations.NullMarked;
