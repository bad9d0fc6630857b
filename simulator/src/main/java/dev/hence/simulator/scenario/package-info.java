/**
 * The input of a simulation: the settings of a cluster, and the steps of clients and faults. A seed generates a
 * scenario; leaving out steps gives a smaller one.
 *
 * <p>Start reading at {@link dev.hence.simulator.scenario.Scenario}.
 */
@NullMarked
package dev.hence.simulator.scenario;

import org.jspecify.annotations.NullMarked;
