/** Tests that every seed generates a valid scenario, and that simplified scenarios stay valid. */
@NullMarked
package dev.hence.simulator.scenario;

import org.jspecify.annotations.NullMarked;
