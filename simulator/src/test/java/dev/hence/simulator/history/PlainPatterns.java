package dev.hence.simulator.history;

import dev.hence.simulator.history.Transaction.Access;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bad patterns found directly by their definition, with matrices. Feasible for some dozens of transactions. */
final class PlainPatterns {
    private final List<Transaction> history;
    private final boolean[][] causal;

    private PlainPatterns(List<Transaction> history) {
        this.history = history;
        this.causal = new boolean[history.size()][history.size()];
    }

    /** Returns the first pattern found; WriteCORead is reported as CyclicCF, of which it is a special case. */
    static BadPattern.@Nullable Kind find(List<Transaction> history) {
        return new PlainPatterns(history).find();
    }

    private BadPattern.@Nullable Kind find() {
        int size = history.size();
        for (int t = 0; t < size; t++) {
            for (int earlier = 0; earlier < t; earlier++) {
                causal[earlier][t] |= history.get(earlier).isOk()
                        && history.get(earlier).session().equals(history.get(t).session());
            }
            for (Access read : reads(t)) {
                int writer = writer(read);
                if (read.value() != null && writer < 0) {
                    return BadPattern.Kind.THIN_AIR_READ;
                }
                if (writer >= 0) {
                    causal[writer][t] = true;
                }
            }
        }
        if (closeAndFindCycle(causal)) {
            return BadPattern.Kind.CYCLIC_CO;
        }
        boolean[][] arbitrated = new boolean[size][];
        for (int t = 0; t < size; t++) {
            arbitrated[t] = causal[t].clone();
        }
        for (int t = 0; t < size; t++) {
            for (Access read : reads(t)) {
                int seen = writer(read);
                for (int other = 0; other < size; other++) {
                    if (other != seen && causal[other][t] && writes(other, read.key())) {
                        if (seen < 0) {
                            return BadPattern.Kind.WRITE_CO_INIT_READ;
                        }
                        arbitrated[other][seen] = true;
                    }
                }
            }
        }
        return closeAndFindCycle(arbitrated) ? BadPattern.Kind.CYCLIC_CF : null;
    }

    private List<Access> reads(int t) {
        return history.get(t).isOk() ? history.get(t).reads() : List.of();
    }

    private int writer(Access read) {
        for (int t = 0; t < history.size(); t++) {
            if (read.value() != null && history.get(t).writes().contains(read)) {
                return t;
            }
        }
        return -1;
    }

    private boolean writes(int t, String key) {
        return history.get(t).writes().stream().anyMatch(write -> write.key().equals(key));
    }

    private static boolean closeAndFindCycle(boolean[][] before) {
        for (int middle = 0; middle < before.length; middle++) {
            for (int from = 0; from < before.length; from++) {
                for (int to = 0; before[from][middle] && to < before.length; to++) {
                    before[from][to] |= before[middle][to];
                }
            }
        }
        boolean cycle = false;
        for (int t = 0; t < before.length; t++) {
            cycle |= before[t][t];
        }
        return cycle;
    }
}
