/**
 * What commands answer, whatever version of the protocol a client speaks. Start reading at {@link
 * dev.hence.server.resp.reply.Reply}.
 */
@NullMarked
package dev.hence.server.resp.reply;

import org.jspecify.annotations.NullMarked;
