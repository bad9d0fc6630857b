package dev.hence.core.replica;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.MvRegister;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.update.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A host that keeps a replica's stored state in memory: it applies each {@link CommitBatch} exactly, and can crash,
 * which loses everything that was not committed.
 */
public final class MemoryHost {

    private final Replica.Limits limits;
    private MemoryState state = new MemoryState();
    private List<Update> log = new ArrayList<>();
    private Replica.Recovered stored;
    private Replica replica;

    /** A node that has seen no update. */
    public MemoryHost(ReplicaId self, Replica.Limits limits) {
        this.limits = limits;
        this.stored = Replica.Recovered.fresh(self);
        this.replica = new Replica(stored, state, this::checksum, limits);
    }

    public Replica replica() {
        return replica;
    }

    /** Every row, as committed. */
    public MemoryState state() {
        return state;
    }

    /** Stores the replica's changes since the last commit and returns them; null if there are none. */
    public @Nullable CommitBatch commit() {
        CommitBatch changes = replica.takeChanges();
        if (changes != null) {
            state.store(changes.keys());
            log.addAll(changes.delivered());
            stored = new Replica.Recovered(changes.identity(), changes.clock(), changes.timestamp());
        }
        return changes;
    }

    private @Nullable Integer checksum(Dot dot) {
        return log.stream()
                .filter(update -> update.dot().equals(dot))
                .map(Update::checksum)
                .findFirst()
                .orElse(null);
    }

    /** The process crashes and restarts from the committed state. */
    public void crash() {
        replica = new Replica(stored, state, this::checksum, limits);
    }

    /** The process crashes and restarts with an empty disk. */
    public void loseDisk(ReplicaId renewed) {
        restore(new Snapshot(new MemoryState(), List.of(), Replica.Recovered.fresh(renewed)));
    }

    /** A copy of the stored state, to roll back to. */
    public record Snapshot(MemoryState state, List<Update> log, Replica.Recovered stored) {}

    /** Returns a copy of the stored state. */
    public Snapshot snapshot() {
        return new Snapshot(state.copy(), log(), stored);
    }

    /** The process crashes and restarts from an earlier stored state, as after the loss of unsynced writes. */
    public void restore(Snapshot snapshot) {
        state = snapshot.state().copy();
        log = new ArrayList<>(snapshot.log());
        stored = snapshot.stored();
        crash();
    }

    /** The strings of every key of which something is known, as committed. */
    public Map<Bytes, MvRegister> strings() {
        return state.heads().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry<Bytes, KeyHead>::getKey,
                        head -> head.getValue().string().register()));
    }

    /** The delivered updates, in delivery order, as committed. */
    public List<Update> log() {
        return List.copyOf(log);
    }

    /** The clock as committed. */
    public VersionVector clock() {
        return stored.clock();
    }
}
