/**
 * The sockets of the Redis protocol: one virtual thread a connection, plain blocking code.
 *
 * <p>Start reading at {@link dev.hence.server.resp.connection.RespServer}.
 */
@NullMarked
package dev.hence.server.resp.connection;

import org.jspecify.annotations.NullMarked;
