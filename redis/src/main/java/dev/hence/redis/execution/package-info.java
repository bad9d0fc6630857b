/**
 * Executes a connection's requests: the declaration of a command, its session, the pipeline that keeps its order,
 * transactions, and blocking commands.
 *
 * <p>Start reading at {@link dev.hence.redis.execution.Pipeline}.
 */
@NullMarked
package dev.hence.redis.execution;

import org.jspecify.annotations.NullMarked;
