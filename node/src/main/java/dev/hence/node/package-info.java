/**
 * A running node without front ends: one replica in a process. {@link dev.hence.node.Node} assembles it from the
 * packages below and the engine; front ends use it as a {@link dev.hence.node.store.Store}.
 *
 * <p>Start reading at {@link dev.hence.node.Node}.
 */
@NullMarked
package dev.hence.node;

import org.jspecify.annotations.NullMarked;
