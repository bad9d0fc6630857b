/**
 * How commands are run: a connection's pipeline in its order, transactions, and commands that wait for what other
 * clients bring. No sockets and no bytes here.
 *
 * <p>Start reading at {@link dev.hence.redis.execution.Pipeline}.
 */
@NullMarked
package dev.hence.redis.execution;

import org.jspecify.annotations.NullMarked;
