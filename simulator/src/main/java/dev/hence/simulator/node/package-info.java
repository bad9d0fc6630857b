/**
 * A simulated node: the host of one core. The core makes the decisions; this package has the disk, the process and the
 * streams between processes, structured like those of the server but without threads and sockets.
 *
 * <p>Start reading at {@link dev.hence.simulator.node.Machine} and {@link
 * dev.hence.simulator.node.NodeProcess}.
 */
@NullMarked
package dev.hence.simulator.node;

import org.jspecify.annotations.NullMarked;
