/** Tests of the simulation: many seeds, determinism for the same seed, and the seeds that once found a bug. */
@NullMarked
package dev.hence.simulator.run;

import org.jspecify.annotations.NullMarked;
