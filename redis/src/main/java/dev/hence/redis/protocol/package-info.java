/**
 * The bytes of the Redis protocol: from what a client sent to the words of its commands, and from replies to what it
 * gets, in versions 2 and 3. No sockets here.
 *
 * <p>Start reading at {@link dev.hence.redis.protocol.RequestParser}.
 */
@NullMarked
package dev.hence.redis.protocol;

import org.jspecify.annotations.NullMarked;
