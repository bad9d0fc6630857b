/**
 * Wires one node from its parts.
 *
 * <p>Start reading at {@link dev.hence.server.HenceServer}.
 */
@NullMarked
package dev.hence.server;

import org.jspecify.annotations.NullMarked;
