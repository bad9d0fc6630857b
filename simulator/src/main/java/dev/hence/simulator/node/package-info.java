/**
 * A simulated node: the host of one core. The decisions are the core's; here are its disk, its process and the streams
 * between processes, in the shape of the server's but without threads and sockets.
 *
 * <p>Start reading at {@link dev.hence.simulator.node.Machine} and {@link
 * dev.hence.simulator.node.NodeProcess}.
 */
@NullMarked
package dev.hence.simulator.node;

import org.jspecify.annotations.NullMarked;
