/** Tests of a client and the nodes that it uses. */
@NullMarked
package dev.hence.simulator.client;

import org.jspecify.annotations.NullMarked;
