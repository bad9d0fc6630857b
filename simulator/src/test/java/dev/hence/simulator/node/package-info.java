/** Tests of the simulated disk and its readable content. */
@NullMarked
package dev.hence.simulator.node;

import org.jspecify.annotations.NullMarked;
