/**
 * The threads that serve all connections of the Redis protocol: each waits for any of many sockets, and never for a
 * single one.
 */
@NullMarked
package dev.hence.redis.loop;

import org.jspecify.annotations.NullMarked;
