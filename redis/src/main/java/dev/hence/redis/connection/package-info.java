/**
 * The byte streams of Redis protocol clients: requests parsed into the words of commands, replies and messages encoded
 * in versions 2 and 3. One virtual thread per connection, plain blocking code.
 *
 * <p>Start reading at {@link dev.hence.redis.connection.RequestParser}.
 */
@NullMarked
package dev.hence.redis.connection;

import org.jspecify.annotations.NullMarked;
