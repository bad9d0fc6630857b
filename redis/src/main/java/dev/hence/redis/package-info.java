/**
 * The Redis protocol: the server that accepts its clients and runs what they ask.
 *
 * <p>Packages use each other in this order: {@code commands} (what there is, one file per datatype), {@code execution}
 * (running the commands of one connection), {@code node} (what connections share), {@code connection} (the bytes of one
 * client). Start reading at {@link dev.hence.redis.RespServer}.
 */
@NullMarked
package dev.hence.redis;

import org.jspecify.annotations.NullMarked;
