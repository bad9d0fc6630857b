/**
 * Stories about a few nodes, written as text files and executed on real replicas.
 *
 * <p>Start reading at {@link dev.hence.core.scenario.ScenarioTest}, which documents their syntax.
 */
@NullMarked
package dev.hence.core.scenario;

import org.jspecify.annotations.NullMarked;
