package dev.hence.simulator.history;

/**
 * An index of the writers of each key along each chain of {@link CausalPast}: transactions of the chain that write the
 * key, and those that are read there.
 *
 * <p>An access is <em>plain</em> if the key itself is written or read. A lone writer of the key is also met where
 * another key that it wrote is read; the order of such accesses relative to the others is unknown.
 *
 * <p>Every writer of a key that happened before a transaction is met on a chain in the transaction's past, or is read
 * by the transaction itself: it is on such a chain, or it is a lone writer that a transaction of the chain read.
 */
final class KeyAccesses {
    private final IndexedHistory history;
    private final CausalPast past;
    private final int[] positions;
    private final int[] writers;
    private final boolean[] plain;

    /** For each key its runs: one for each chain on which it is accessed. */
    private final int[] keyRuns;

    private final int[] runChains;
    private final int[] runEnds;

    private final IntList foundKeys = new IntList();
    private final IntList foundBy = new IntList();
    private final IntList foundWriters = new IntList();
    private final IntList foundPlain = new IntList();

    KeyAccesses(IndexedHistory history, CausalPast past) {
        this.history = history;
        this.past = past;
        collect();
        Grouping byKey = new Grouping(history.keyCount(), foundKeys);
        positions = new int[byKey.size()];
        writers = new int[byKey.size()];
        plain = new boolean[byKey.size()];
        int[] chains = new int[byKey.size()];
        for (int i = 0; i < byKey.size(); i++) {
            int found = byKey.item(i);
            positions[i] = past.position(foundBy.get(found));
            writers[i] = foundWriters.get(found);
            plain[i] = foundPlain.get(found) == 1;
            chains[i] = past.chain(foundBy.get(found));
        }
        IntList chainOfRun = new IntList();
        IntList endOfRun = new IntList();
        keyRuns = new int[history.keyCount() + 1];
        for (int key = 0; key < history.keyCount(); key++) {
            for (int i = byKey.from(key); i < byKey.to(key); i++) {
                if (i + 1 == byKey.to(key) || chains[i + 1] != chains[i]) {
                    chainOfRun.add(chains[i]);
                    endOfRun.add(i + 1);
                }
            }
            keyRuns[key + 1] = chainOfRun.size();
        }
        runChains = chainOfRun.toArray();
        runEnds = endOfRun.toArray();
    }

    /** Walks one chain after the other. */
    private void collect() {
        IntList chains = new IntList();
        IntList members = new IntList();
        for (int t = 0; t < history.size(); t++) {
            if (past.chain(t) >= 0) {
                chains.add(past.chain(t));
                members.add(t);
            }
        }
        Grouping byChain = new Grouping(past.chainCount(), chains);
        for (int i = 0; i < byChain.size(); i++) {
            collect(members.get(byChain.item(i)));
        }
    }

    private void collect(int t) {
        for (int read = history.readsFrom(t); read < history.readsTo(t); read++) {
            int writer = history.readFrom(read);
            if (writer >= 0 && past.chain(writer) < 0) {
                for (int write = history.writesFrom(writer); write < history.writesTo(writer); write++) {
                    int key = history.writeKey(write);
                    if (key != history.readKey(read)) {
                        add(key, t, writer, 0);
                    }
                }
            }
        }
        for (int read = history.readsFrom(t); read < history.readsTo(t); read++) {
            if (history.readFrom(read) >= 0) {
                add(history.readKey(read), t, history.readFrom(read), 1);
            }
        }
        for (int write = history.writesFrom(t); write < history.writesTo(t); write++) {
            add(history.writeKey(write), t, t, 1);
        }
    }

    private void add(int key, int by, int writer, int isPlain) {
        foundKeys.add(key);
        foundBy.add(by);
        foundWriters.add(writer);
        foundPlain.add(isPlain);
    }

    /** The runs of a key are numbered from here to {@link #runsTo}, exclusive. */
    int runsFrom(int key) {
        return keyRuns[key];
    }

    int runsTo(int key) {
        return keyRuns[key + 1];
    }

    int chain(int run) {
        return runChains[run];
    }

    int start(int run) {
        return run == 0 ? 0 : runEnds[run - 1];
    }

    /**
     * Returns the last access of a run at or before a position of the chain; one less than the start if there is none.
     */
    int lastWithin(int run, int position) {
        int low = start(run);
        int high = runEnds[run];
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (positions[middle] <= position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    int writer(int access) {
        return writers[access];
    }

    boolean isPlain(int access) {
        return plain[access];
    }
}
