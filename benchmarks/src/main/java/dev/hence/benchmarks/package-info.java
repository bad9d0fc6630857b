/**
 * Programs that measure: running nodes from outside, and parts of a node with JMH. They judge nothing; compare figures of
 * one run on one machine only.
 *
 * <p>Start reading at {@link dev.hence.benchmarks.WriteThroughput}; the comparison with redis-server is in
 * {@code dev.hence.benchmarks.compare}.
 */
@NullMarked
package dev.hence.benchmarks;

import org.jspecify.annotations.NullMarked;
