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
 * A host that keeps a replica's stored state in memory: it carries out {@link CommitBatch} to the letter and nothing
 * else, and can crash, which loses whatever was not committed.
 */
public final class MemoryHost {

    private final Replica.Limits limits;
    private MemoryState state = new MemoryState();
    private List<Update> log = new ArrayList<>();
    private Replica.Recovered stored;
    private Replica replica;

    /** A node that has seen nothing. */
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

    /** Stores what the replica did since the last commit, and says what that was; null if it did nothing. */
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

    /** The process dies and starts again from what was committed. */
    public void crash() {
        replica = new Replica(stored, state, this::checksum, limits);
    }

    /** The process dies and starts again with an empty disk. */
    public void loseDisk(ReplicaId renewed) {
        restore(new Snapshot(new MemoryState(), List.of(), Replica.Recovered.fresh(renewed)));
    }

    /** What is stored, for going back to it. */
    public record Snapshot(MemoryState state, List<Update> log, Replica.Recovered stored) {}

    /** All that is stored now. */
    public Snapshot snapshot() {
        return new Snapshot(state.copy(), log(), stored);
    }

    /** The process dies and starts again from what was stored once, as after the loss of unsynced writes. */
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

    /** The updates delivered, in the order of their delivery, as committed. */
    public List<Update> log() {
        return List.copyOf(log);
    }

    /** The clock as committed. */
    public VersionVector clock() {
        return stored.clock();
    }
}
