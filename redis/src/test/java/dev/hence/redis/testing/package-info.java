/**
 * A node that serves the Redis protocol, and a client of it that takes every reply as it comes.
 *
 * <p>Start reading at {@link dev.hence.redis.testing.RedisNode}.
 */
@NullMarked
package dev.hence.redis.testing;

import org.jspecify.annotations.NullMarked;
