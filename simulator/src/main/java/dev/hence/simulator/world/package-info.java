/**
 * The environment of simulated nodes: virtual time, a network, disks and wall clocks, all driven by one seed. Nothing
 * here uses real time or another source of randomness.
 *
 * <p>Start reading at {@link dev.hence.simulator.world.Agenda} and {@link
 * dev.hence.simulator.world.Network}.
 */
@NullMarked
package dev.hence.simulator.world;

import org.jspecify.annotations.NullMarked;
