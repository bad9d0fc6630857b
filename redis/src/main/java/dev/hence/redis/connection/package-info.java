/**
 * The bytes of a client of the Redis protocol: what it sends as the words of commands, what it gets as replies and
 * messages, in versions 2 and 3. One virtual thread per connection, plain blocking code.
 *
 * <p>Start reading at {@link dev.hence.redis.connection.RequestParser}.
 */
@NullMarked
package dev.hence.redis.connection;

import org.jspecify.annotations.NullMarked;
