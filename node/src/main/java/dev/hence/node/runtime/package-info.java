/**
 * Hosts the core in a process: one writer thread that commits many writes as one batch, readers that
 * never wait for it, and clocks that are published together with what they cover.
 *
 * <p>Start reading at {@link dev.hence.node.runtime.Store}, what the edges see of a node, and {@link
 * dev.hence.node.runtime.Writer}, where a write becomes durable and visible.
 */
@NullMarked
package dev.hence.node.runtime;

import org.jspecify.annotations.NullMarked;
