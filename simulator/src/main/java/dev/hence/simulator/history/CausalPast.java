package dev.hence.simulator.history;

import java.util.Arrays;

/**
 * The happens-before relation of transactions, in the least causal order that a history allows: the transitive closure
 * of sessions and reads.
 *
 * <p><b>How.</b> Sessions are chains, and the past of a transaction is represented by its extent in each chain: a
 * vector of positions. A chain costs a vector entry in every transaction, and a history has a session for every request
 * made outside one, so not every transaction is put on a chain. Left out are
 *
 * <ul>
 *   <li><em>lone readers</em>, alone in their session and writing nothing: they are before no other transaction, and
 *       are never looked up;
 *   <li><em>lone writers</em>, which read nothing and are the last of their session - also those of unknown outcome.
 *       They are before others only through their readers, so it suffices to record where on the chains they are read.
 * </ul>
 *
 * <p>A vector is shared with the previous transaction of the session as long as no new write was read.
 */
final class CausalPast {
    private static final int[] NOTHING = {};

    private final IndexedHistory history;
    private final int[] chains;
    private final int[] positions;
    private final int[][] reached;
    private int chainCount;

    CausalPast(IndexedHistory history) {
        this.history = history;
        this.chains = new int[history.size()];
        this.positions = new int[history.size()];
        this.reached = new int[history.size()][];
        for (int t = 0; t < history.size(); t++) {
            if (isLoneReader(t) || isLoneWriter(t)) {
                chains[t] = -1;
            } else {
                int before = history.before(t);
                chains[t] = before < 0 ? chainCount++ : chains[before];
                positions[t] = before < 0 ? 1 : positions[before] + 1;
            }
        }
    }

    private boolean isLoneReader(int t) {
        return history.before(t) < 0 && !history.isContinued(t) && !history.hasWrites(t);
    }

    private boolean isLoneWriter(int t) {
        return !history.isOk(t) || (history.before(t) < 0 && !history.isContinued(t) && !history.hasReads(t));
    }

    int chainCount() {
        return chainCount;
    }

    /** Returns the chain of a transaction; -1 if it is on none. */
    int chain(int transaction) {
        return chains[transaction];
    }

    /** Its place on its chain, counted from 1. */
    int position(int transaction) {
        return positions[transaction];
    }

    /** Computes the past of a transaction; called after all transactions that happened before it. */
    void add(int transaction) {
        int before = history.before(transaction);
        int[] past = before < 0 ? NOTHING : reached[before];
        boolean own = false;
        if (before >= 0 && chains[before] != chains[transaction]) {
            past = withEntry(past, chains[before], positions[before]);
            own = true;
        }
        for (int read = history.readsFrom(transaction); read < history.readsTo(transaction); read++) {
            int writer = history.readFrom(read);
            if (writer >= 0 && !isCoveredBy(past, chains[transaction], writer)) {
                past = own ? past : Arrays.copyOf(past, chainCount);
                own = true;
                join(past, writer);
            }
        }
        reached[transaction] = past;
    }

    private int[] withEntry(int[] past, int chain, int position) {
        int[] longer = Arrays.copyOf(past, chainCount);
        longer[chain] = position;
        return longer;
    }

    /** Whether a join with the writer's past and the writer itself would change nothing. */
    private boolean isCoveredBy(int[] past, int ownChain, int writer) {
        int chain = chains[writer];
        return chain < 0
                ? reached[writer].length == 0
                : chain == ownChain || (past.length > 0 && past[chain] >= positions[writer]);
    }

    private void join(int[] past, int writer) {
        int[] others = reached[writer];
        for (int chain = 0; chain < others.length; chain++) {
            past[chain] = Math.max(past[chain], others[chain]);
        }
        if (chains[writer] >= 0) {
            past[chains[writer]] = Math.max(past[chains[writer]], positions[writer]);
        }
    }

    /** Returns how far a transaction's past extends into a chain, excluding itself; 0 if not at all. */
    int reach(int transaction, int chain) {
        if (chains[transaction] == chain) {
            return positions[transaction] - 1;
        }
        int[] past = reached[transaction];
        return past.length == 0 ? 0 : past[chain];
    }

    /** Whether a transaction on a chain happened before another one; false also if it is on none. */
    boolean isKnownBefore(int one, int other) {
        return chains[one] >= 0 && reach(other, chains[one]) >= positions[one];
    }
}
