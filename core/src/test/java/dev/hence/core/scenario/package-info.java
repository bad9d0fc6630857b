/**
 * Stories about a few nodes, told in text files and carried out on real replicas.
 *
 * <p>Start reading at {@link dev.hence.core.scenario.ScenarioTest}, which explains how they are written.
 */
@NullMarked
package dev.hence.core.scenario;

import org.jspecify.annotations.NullMarked;
