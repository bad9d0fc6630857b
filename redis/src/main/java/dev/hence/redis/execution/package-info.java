/**
 * Runs what a connection asks: what a command is, the session it runs in, the pipeline that keeps its order,
 * transactions, and commands that wait for what other clients bring.
 *
 * <p>Start reading at {@link dev.hence.redis.execution.Pipeline}.
 */
@NullMarked
package dev.hence.redis.execution;

import org.jspecify.annotations.NullMarked;
