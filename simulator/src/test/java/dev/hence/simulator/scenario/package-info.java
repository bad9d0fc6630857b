/** That every seed makes a scenario that can be run, and that what is made simpler still can. */
@NullMarked
package dev.hence.simulator.scenario;

import org.jspecify.annotations.NullMarked;
