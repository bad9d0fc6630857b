/** A client and the nodes that it turns to. */
@NullMarked
package dev.hence.simulator.client;

import org.jspecify.annotations.NullMarked;
