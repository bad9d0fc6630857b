/**
 * The comparison of Hence with redis-server, and of builds of Hence with each other: the program behind
 * {@code benchmarks/compare}. It starts the servers itself, one system after the other, under the same load.
 *
 * <p>Start reading at {@link dev.hence.benchmarks.compare.Compare}, then
 * {@link dev.hence.benchmarks.compare.RequestCost}.
 */
@NullMarked
package dev.hence.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
