/**
 * The single thread that owns the replica: it runs many transactions, commits them as one batch, and answers them once
 * they are as durable as the fsync policy requires.
 *
 * <p>Start reading at {@link dev.hence.node.writer.Writer}.
 */
@NullMarked
package dev.hence.node.writer;

import org.jspecify.annotations.NullMarked;
