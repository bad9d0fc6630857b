/**
 * The Redis protocol: connections of Redis clients, from the bytes they send to the bytes they get.
 *
 * <p>Commands are data: {@link dev.hence.redis.command.Command} says what each is and does, the packages
 * below list them by group. Start reading at {@link dev.hence.redis.command.Command}.
 */
@NullMarked
package dev.hence.redis;

import org.jspecify.annotations.NullMarked;
