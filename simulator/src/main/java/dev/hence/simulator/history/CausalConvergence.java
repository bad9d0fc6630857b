package dev.hence.simulator.history;

import dev.hence.simulator.history.BadPattern.Kind;
import dev.hence.simulator.history.PrecedenceGraph.Edge;
import dev.hence.simulator.history.PrecedenceGraph.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Causal convergence (CCv) of a history of transactions in which every value of a key is written once.
 *
 * <p><b>What it is.</b> There is a causal order that contains the sessions, and a total order of all transactions that
 * contains the causal one, such that every read sees, of all the writes of its key that happened before it, the one
 * that is last in the total order.
 *
 * <p><b>How it is decided.</b> When every value is written once, a history has this property if and only if none of
 * five patterns is in it (Bouajjani, Enea, Guerraoui, Hamza: On Verifying Causal Consistency, POPL 2017). With CO the
 * order that follows from sessions and from who reads from whom:
 *
 * <ul>
 *   <li>ThinAirRead: a value is read that no transaction wrote;
 *   <li>CyclicCO: CO has a cycle;
 *   <li>WriteCOInitRead: a key is read as absent although a write of it is before the read in CO;
 *   <li>WriteCORead: a value is read although it was overwritten by a write between the two in CO;
 *   <li>CyclicCF: CO together with CF has a cycle, where a write is before another one in CF if a transaction read the
 *       other although it had the one in its past.
 * </ul>
 *
 * <p>Reads and writes of one transaction happen at one place in both orders, so they are nodes together (Biswas, Enea:
 * On the Complexity of Checking Transactional Consistency, OOPSLA 2019). WriteCORead is then a CF edge closed to a
 * cycle by CO alone, and is looked for together with CyclicCF.
 *
 * <p><b>How fast.</b> CF need not be built whole. Of the writers of a key met along one session, each is before the
 * next in CO or in CF, because the transaction that wrote or read the later one had the earlier one in its past. So a
 * read asks each session for the last writer within its own past, by a binary search: O(reads x sessions x log) in all,
 * where sessions of a single read or of a single write do not count ({@link CausalPast}).
 */
final class CausalConvergence {
    private final IndexedHistory history;
    private final CausalPast past;
    private final PrecedenceGraph graph;

    CausalConvergence(IndexedHistory history) {
        this.history = history;
        this.past = new CausalPast(history);
        this.graph = new PrecedenceGraph(history.size());
    }

    /** A pattern that no causally convergent store can have produced; null if there is none. */
    @Nullable
    BadPattern badPattern() {
        BadPattern thinAir = addCausalOrder();
        if (thinAir != null) {
            return thinAir;
        }
        int[] order = graph.order();
        if (order.length < history.size()) {
            return new BadPattern(Kind.CYCLIC_CO, explain(graph.cycle()));
        }
        KeyAccesses accesses = new KeyAccesses(history, past);
        for (int transaction : order) {
            past.add(transaction);
            for (int read = history.readsFrom(transaction); read < history.readsTo(transaction); read++) {
                if (history.readFrom(read) != IndexedHistory.INITIAL) {
                    addConflicts(accesses, transaction, read);
                } else {
                    int seen = firstSeen(accesses, transaction, history.readKey(read));
                    if (seen >= 0) {
                        return initialRead(transaction, seen, history.readKey(read));
                    }
                }
            }
        }
        if (graph.order().length == history.size()) {
            return null;
        }
        List<Edge> cycle = graph.cycle();
        long conflicts =
                cycle.stream().filter(edge -> edge.reason() == Reason.CONFLICT).count();
        return new BadPattern(conflicts == 1 ? Kind.WRITE_CO_READ : Kind.CYCLIC_CF, explain(cycle));
    }

    private @Nullable BadPattern addCausalOrder() {
        for (int t = 0; t < history.size(); t++) {
            if (history.before(t) >= 0) {
                graph.add(history.before(t), t, Reason.SESSION, -1);
            }
            for (int read = history.readsFrom(t); read < history.readsTo(t); read++) {
                int writer = history.readFrom(read);
                if (writer == IndexedHistory.NOBODY) {
                    return new BadPattern(
                            Kind.THIN_AIR_READ,
                            "  " + history.describe(t) + ": nobody wrote what it read of key "
                                    + history.keyName(history.readKey(read)));
                }
                if (writer >= 0) {
                    graph.add(writer, t, Reason.READ, -1);
                }
            }
        }
        return null;
    }

    /** Every writer of the key in the past of the read comes before the one that was read. */
    private void addConflicts(KeyAccesses accesses, int transaction, int read) {
        int key = history.readKey(read);
        int seen = history.readFrom(read);
        for (int run = accesses.runsFrom(key); run < accesses.runsTo(key); run++) {
            int reach = past.reach(transaction, accesses.chain(run));
            if (reach > 0) {
                boolean isLast = true;
                for (int i = accesses.lastWithin(run, reach); isLast && i >= accesses.start(run); i--) {
                    addConflict(accesses.writer(i), seen, transaction);
                    isLast = !accesses.isPlain(i);
                }
            }
        }
        for (int other = history.readsFrom(transaction); other < history.readsTo(transaction); other++) {
            int writer = history.readFrom(other);
            if (writer >= 0 && writer != seen && past.chain(writer) < 0 && history.writes(writer, key)) {
                addConflict(writer, seen, transaction);
            }
        }
    }

    private void addConflict(int writer, int seen, int witness) {
        if (writer != seen && !past.isKnownBefore(writer, seen)) {
            graph.add(writer, seen, Reason.CONFLICT, witness);
        }
    }

    /** A writer of the key in the past of the transaction; -1 if there is none. */
    private int firstSeen(KeyAccesses accesses, int transaction, int key) {
        for (int run = accesses.runsFrom(key); run < accesses.runsTo(key); run++) {
            int reach = past.reach(transaction, accesses.chain(run));
            if (reach > 0 && accesses.lastWithin(run, reach) >= accesses.start(run)) {
                return accesses.writer(accesses.start(run));
            }
        }
        for (int read = history.readsFrom(transaction); read < history.readsTo(transaction); read++) {
            int writer = history.readFrom(read);
            if (writer >= 0 && history.writes(writer, key)) {
                return writer;
            }
        }
        return -1;
    }

    private BadPattern initialRead(int transaction, int writer, int key) {
        List<Edge> way = graph.causalPath(writer, transaction);
        return new BadPattern(
                Kind.WRITE_CO_INIT_READ,
                explain(way == null ? List.of() : way) + "\n  which read key " + history.keyName(key)
                        + " as absent, though " + history.describe(writer) + " happened before it");
    }

    private String explain(List<Edge> edges) {
        StringBuilder text = new StringBuilder();
        for (Edge edge : edges) {
            text.append(text.isEmpty() ? "  " : "\n  ")
                    .append(history.describe(edge.from()))
                    .append(' ')
                    .append(edge.reason().words)
                    .append(' ')
                    .append(history.describe(edge.to()));
            if (edge.witness() >= 0) {
                text.append(", says ").append(history.describe(edge.witness()));
            }
        }
        return text.toString();
    }
}
