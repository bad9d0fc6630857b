/**
 * The simulator's own test: bugs are planted in the sources of the core and of the simulated host, one at a time, and
 * some seed must catch each.
 *
 * <p>A bug is a file under {@code resources/bugs}: its description, and the replacements in source files. The changed
 * source is compiled in memory and loaded in place of the right one, so the product has no switches for it. Start
 * reading at {@link dev.hence.simulator.bugs.PlantedBugsTest}.
 */
@NullMarked
package dev.hence.simulator.bugs;

import org.jspecify.annotations.NullMarked;
