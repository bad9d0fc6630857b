/** Tests of virtual time, randomness, wall clocks and the network, each by itself. */
@NullMarked
package dev.hence.simulator.world;

import org.jspecify.annotations.NullMarked;
