package dev.hence.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a made-up node stores: registers with siblings, by the rules of the store, in the plainest way. */
class FakeReplica {

    /** One of the concurrent values of a key. */
    record Entry(FakeCluster.Update update, Bytes value) {}

    /** An update with the clock that applying it led to. */
    record Delivered(FakeCluster.Update update, Map<String, Long> clock) {}

    final FakeCluster cluster;
    final Map<Bytes, List<Entry>> store = new TreeMap<>();
    final List<FakeCluster.Update> buffered = new ArrayList<>();
    final List<Delivered> delivered = new ArrayList<>();
    private final String name;
    private Map<String, Long> clock = new TreeMap<>();
    private boolean lags;

    FakeReplica(FakeCluster cluster, String name) {
        this.cluster = cluster;
        this.name = name;
    }

    String name() {
        return name;
    }

    Map<String, Long> clock() {
        synchronized (cluster) {
            return new TreeMap<>(clock);
        }
    }

    /** From now on, updates of others are not applied here. */
    void lag() {
        synchronized (cluster) {
            lags = true;
        }
    }

    /** Applies what was held back. */
    void catchUp() {
        synchronized (cluster) {
            lags = false;
            buffered.forEach(this::apply);
            buffered.clear();
            cluster.notifyAll();
        }
    }

    void receive(FakeCluster.Update update) {
        if (lags) {
            buffered.add(update);
        } else {
            apply(update);
        }
    }

    void apply(FakeCluster.Update update) {
        for (Operation operation : update.operations()) {
            List<Entry> left = new ArrayList<>(store.getOrDefault(operation.key(), List.of()));
            left.removeIf(entry -> entry.update().isIn(update.context()));
            if (operation instanceof Operation.Put(Bytes key, Bytes value)) {
                left.add(new Entry(update, value));
            }
            left.sort(Comparator.comparingLong((Entry entry) -> entry.update().timestampMillis())
                    .reversed());
            if (left.isEmpty()) {
                store.remove(operation.key());
            } else {
                store.put(operation.key(), left);
            }
        }
        clock = FakeCluster.join(clock, Map.of(update.node(), update.counter()));
        delivered.add(new Delivered(update, new TreeMap<>(clock)));
    }
}
