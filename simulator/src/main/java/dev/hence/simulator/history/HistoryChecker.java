package dev.hence.simulator.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks a client history for causal convergence, if it belongs to the class that is decidable here: values are only
 * assigned, and no value is assigned to a key by two transactions.
 *
 * <p>A removal removes only what its origin had seen, so a concurrent assignment survives it whatever their timestamps.
 * No single order of all writes explains that; histories with removals are checked against the meaning of the data
 * instead, from the trace.
 */
public final class HistoryChecker {
    private HistoryChecker() {}

    /** Checks a history whose order is consistent with each session's order. */
    public static Verdict check(List<Transaction> history) {
        for (Transaction transaction : history) {
            for (Transaction.Access write : transaction.writes()) {
                if (write.value() == null) {
                    return new Verdict.NotApplicable("key " + write.key() + " is removed by session "
                            + transaction.session() + " (expected: reads and assignments only)");
                }
            }
        }
        IndexedHistory indexed = new IndexedHistory(history);
        String repeated = indexed.repeatedWrite();
        if (repeated != null) {
            return new Verdict.NotApplicable(repeated);
        }
        @Nullable BadPattern found = new CausalConvergence(indexed).badPattern();
        return found == null ? new Verdict.Holds(indexed.operations()) : new Verdict.Broken(found);
    }
}
