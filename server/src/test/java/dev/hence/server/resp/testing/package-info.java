/**
 * A node that serves the Redis protocol, and a client of it that takes every reply as it comes.
 *
 * <p>Start reading at {@link dev.hence.server.resp.testing.RedisNode}.
 */
@NullMarked
package dev.hence.server.resp.testing;

import org.jspecify.annotations.NullMarked;
