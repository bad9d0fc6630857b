/**
 * Programs that measure nodes: running ones from outside, and the store of one without a protocol in front. They print figures and judge nothing; compare figures of
 * one run on one machine only.
 *
 * <p>Start reading at {@link dev.hence.benchmarks.WriteThroughput}.
 */
@NullMarked
package dev.hence.benchmarks;

import org.jspecify.annotations.NullMarked;
