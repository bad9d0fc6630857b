/**
 * The settings of a node: each declared once, with its flag, environment variable, key in a file, default and accepted
 * values.
 *
 * <p>Start reading at {@link dev.hence.node.config.Settings}, the table; {@link dev.hence.node.config.NodeSettings}
 * reads it into a {@link dev.hence.node.config.NodeConfig}.
 */
@NullMarked
package dev.hence.node.config;

import org.jspecify.annotations.NullMarked;
