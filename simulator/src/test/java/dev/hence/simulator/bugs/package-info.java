/**
 * The simulator's own test: bugs are planted in the sources of the core and of the simulated host, one at a time, and
 * some seed has to catch each.
 *
 * <p>A bug is a file under {@code resources/bugs}: what it is, and which text of which source file is replaced by
 * which. The changed source is compiled in memory and loaded in place of the right one, so the product has no switches
 * for it. Start reading at {@link dev.hence.simulator.bugs.PlantedBugsTest}.
 */
@NullMarked
package dev.hence.simulator.bugs;

import org.jspecify.annotations.NullMarked;
