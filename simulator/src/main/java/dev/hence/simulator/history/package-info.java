/**
 * Client histories: the requests and answers of clients, without internals of any node. They can be written to a file
 * for other checkers, and are checked here for causal convergence.
 *
 * <p>Start reading at {@link dev.hence.simulator.history.Transaction}, then {@link
 * dev.hence.simulator.history.HistoryChecker}.
 */
@NullMarked
package dev.hence.simulator.history;

import org.jspecify.annotations.NullMarked;
