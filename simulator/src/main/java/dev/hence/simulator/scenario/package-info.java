/**
 * What is simulated: the settings of a cluster, and the steps that clients and faults take. A seed makes a
 * scenario; leaving out steps of it gives another, smaller one.
 *
 * <p>Start reading at {@link dev.hence.simulator.scenario.Scenario}.
 */
@NullMarked
package dev.hence.simulator.scenario;

import org.jspecify.annotations.NullMarked;
