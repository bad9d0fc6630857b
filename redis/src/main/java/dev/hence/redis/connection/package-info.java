/**
 * The byte streams of Redis protocol clients: requests parsed into the words of commands, replies and messages encoded
 * in versions 2 and 3.
 *
 * <p>A connection's <em>own thread</em> is the one that serves it at the moment: that of its event loop, or one that the
 * loop has handed it over to, because it waits for something. There is one at a time.
 *
 * <p>Start reading at {@link dev.hence.redis.connection.RequestParser}.
 */
@NullMarked
package dev.hence.redis.connection;

import org.jspecify.annotations.NullMarked;
