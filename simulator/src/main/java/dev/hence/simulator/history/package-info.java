/**
 * Client histories: what clients asked and what they were told, without a look inside any node. They can be
 * written to a file for others to check, and are checked here for causal convergence.
 *
 * <p>Start reading at {@link dev.hence.simulator.history.Transaction}, then {@link
 * dev.hence.simulator.history.HistoryChecker}.
 */
@NullMarked
package dev.hence.simulator.history;

import org.jspecify.annotations.NullMarked;
