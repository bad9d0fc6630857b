/**
 * The sockets of the Redis protocol: one virtual thread a connection, plain blocking code.
 *
 * <p>Start reading at {@link dev.hence.redis.connection.RespServer}.
 */
@NullMarked
package dev.hence.redis.connection;

import org.jspecify.annotations.NullMarked;
