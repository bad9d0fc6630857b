package dev.hence.simulator.node;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.keyspace.State;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.update.Update;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * The readable content of a node's storage: the state of each key, and the log of each origin. A process rebuilds it
 * from the batches on its disk, so a disk need not store states.
 */
final class Rows {
    private final MemoryState state = new MemoryState();
    private final Map<ReplicaId, List<Update>> logs = new HashMap<>();

    /** Makes a batch readable, as a whole. */
    void add(CommitBatch changes) {
        state.store(changes.keys());
        for (Update update : changes.delivered()) {
            logs.computeIfAbsent(update.dot().replica(), origin -> new ArrayList<>())
                    .add(update);
        }
    }

    /** The state of each key. */
    State state() {
        return state;
    }

    /** Every key of which something is known, in their order. */
    NavigableMap<Bytes, KeyHead> heads() {
        return state.heads();
    }

    /** Returns the checksum of an update; null if the log does not hold it. */
    @Nullable
    Integer checksum(Dot dot) {
        List<Update> log = logs.getOrDefault(dot.replica(), List.of());
        return dot.counter() > log.size()
                ? null
                : log.get((int) dot.counter() - 1).checksum();
    }

    /** Returns an origin's updates after a counter, up to and including another, at most n. */
    List<Update> updatesOf(ReplicaId origin, long after, long upTo, int countMax) {
        List<Update> log = logs.getOrDefault(origin, List.of());
        int end = (int) Math.min(Math.min(upTo, log.size()), after + countMax);
        return after >= end ? List.of() : List.copyOf(log.subList((int) after, end));
    }
}
