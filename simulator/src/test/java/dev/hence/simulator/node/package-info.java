/** The simulated disk, and what reads find of it. */
@NullMarked
package dev.hence.simulator.node;

import org.jspecify.annotations.NullMarked;
