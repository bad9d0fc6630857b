/**
 * Unmodified Redis clients against real nodes.
 *
 * <p>Start reading at {@link dev.hence.system.redis.JedisIT}.
 */
@NullMarked
package dev.hence.system.redis;

import org.jspecify.annotations.NullMarked;
