/**
 * What commands answer, whatever version of the protocol a client speaks. Start reading at {@link
 * dev.hence.redis.reply.Reply}.
 */
@NullMarked
package dev.hence.redis.reply;

import org.jspecify.annotations.NullMarked;
