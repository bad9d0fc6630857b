/**
 * What front ends see of a node: reads, writes, feeds and status, and why a write is refused.
 *
 * <p>Start reading at {@link dev.hence.node.store.Store}.
 */
@NullMarked
package dev.hence.node.store;

import org.jspecify.annotations.NullMarked;
