/**
 * The Redis protocol: the server that accepts clients and runs their commands.
 *
 * <p>Packages use each other in this order: {@code commands} (the commands, one file per datatype), {@code execution}
 * (running the commands of one connection), {@code node} (state shared by connections), {@code loop} (the threads that
 * serve connections), {@code connection} (the bytes of one client). Start reading at {@link dev.hence.redis.RespServer}.
 */
@NullMarked
package dev.hence.redis;

import org.jspecify.annotations.NullMarked;
