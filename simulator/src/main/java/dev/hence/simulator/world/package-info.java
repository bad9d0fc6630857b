/**
 * The world that simulated nodes live in: virtual time, a network, disks and wall clocks, all driven by one
 * seed. Nothing here looks at real time or at any other source of chance.
 *
 * <p>Start reading at {@link dev.hence.simulator.world.Agenda} and {@link
 * dev.hence.simulator.world.Network}.
 */
@NullMarked
package dev.hence.simulator.world;

import org.jspecify.annotations.NullMarked;
