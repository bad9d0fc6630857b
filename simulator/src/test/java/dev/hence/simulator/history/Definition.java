package dev.hence.simulator.history;

import dev.hence.simulator.history.Transaction.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Causal convergence by its definition: tries all total orders, and for each transaction all closed causal pasts that
 * contain its predecessors in its session. Feasible for half a dozen transactions.
 */
final class Definition {
    private final List<Transaction> history;
    private final int[] before;
    private final int[] order;
    private final int[] pasts;

    private Definition(List<Transaction> history) {
        this.history = history;
        this.before = new int[history.size()];
        this.order = new int[history.size()];
        this.pasts = new int[history.size()];
        for (int t = 0; t < before.length; t++) {
            before[t] = -1;
            for (int earlier = 0; earlier < t; earlier++) {
                if (history.get(earlier).isOk()
                        && history.get(earlier).session().equals(history.get(t).session())) {
                    before[t] = earlier;
                }
            }
        }
    }

    static boolean isCausallyConvergent(List<Transaction> history) {
        List<Transaction> known = history.stream().filter(Transaction::isOk).toList();
        int unknown = history.size() - known.size();
        for (int carriedOut = 0; carriedOut < 1 << unknown; carriedOut++) {
            List<Transaction> happened = new ArrayList<>();
            int number = 0;
            for (Transaction transaction : history) {
                if (transaction.isOk() || (carriedOut >> number++ & 1) == 1) {
                    happened.add(transaction);
                }
            }
            if (new Definition(happened).canBeOrdered(0, 0)) {
                return true;
            }
        }
        return false;
    }

    private boolean canBeOrdered(int placed, int count) {
        if (count == history.size()) {
            return true;
        }
        for (int t = 0; t < history.size(); t++) {
            boolean free = (placed >> t & 1) == 0;
            if (free && (before[t] < 0 || (placed >> before[t] & 1) == 1)) {
                order[count] = t;
                // Every subset of the placed transactions, the empty one last.
                for (int past = placed; past >= 0; past = past == 0 ? -1 : (past - 1) & placed) {
                    if (isPast(t, past) && readsAreRight(t, past, count)) {
                        pasts[t] = past;
                        if (canBeOrdered(placed | 1 << t, count + 1)) {
                            return true;
                        }
                    }
                }
            }
        }
        return false;
    }

    private boolean isPast(int t, int past) {
        if (before[t] >= 0 && (past >> before[t] & 1) == 0) {
            return false;
        }
        for (int other = 0; other < history.size(); other++) {
            if ((past >> other & 1) == 1 && (pasts[other] & ~past) != 0) {
                return false;
            }
        }
        return true;
    }

    private boolean readsAreRight(int t, int past, int count) {
        for (Access read : history.get(t).isOk() ? history.get(t).reads() : List.<Access>of()) {
            @Nullable String last = null;
            for (int place = 0; place < count; place++) {
                if ((past >> order[place] & 1) == 1) {
                    for (Access write : history.get(order[place]).writes()) {
                        last = write.key().equals(read.key()) ? write.value() : last;
                    }
                }
            }
            if (!Objects.equals(last, read.value())) {
                return false;
            }
        }
        return true;
    }
}
