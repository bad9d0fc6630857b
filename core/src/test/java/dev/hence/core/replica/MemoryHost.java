package dev.hence.core.replica;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.datatype.Bytes;
import dev.hence.core.datatype.Register;
import dev.hence.core.update.Update;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A host that keeps a replica's stored state in memory: it carries out {@link Changes} to the letter and nothing
 * else, and can crash, which loses whatever was not committed.
 */
public final class MemoryHost implements State {

    private final Replica.Limits limits;
    private Map<Bytes, Register> registers = new HashMap<>();
    private List<Update> log = new ArrayList<>();
    private Replica.Recovered stored;
    private Replica replica;

    /** A node that has seen nothing. */
    public MemoryHost(ReplicaId self, Replica.Limits limits) {
        this.limits = limits;
        this.stored = Replica.Recovered.fresh(self);
        this.replica = new Replica(stored, this, limits);
    }

    public Replica replica() {
        return replica;
    }

    @Override
    public Register register(Bytes key) {
        return registers.getOrDefault(key, Register.EMPTY);
    }

    /** Stores what the replica did since the last commit, and says what that was; null if it did nothing. */
    public @Nullable Changes commit() {
        Changes changes = replica.takeChanges();
        if (changes != null) {
            changes.registers().forEach((key, register) -> {
                if (register.isEmpty()) {
                    registers.remove(key);
                } else {
                    registers.put(key, register);
                }
            });
            log.addAll(changes.delivered());
            stored = new Replica.Recovered(changes.self(), changes.clock(), changes.timestamp());
        }
        return changes;
    }

    /** The process dies and starts again from what was committed. */
    public void crash() {
        replica = new Replica(stored, this, limits);
    }

    /** The process dies and starts again with an empty disk. */
    public void loseDisk(ReplicaId renewed) {
        restore(new Snapshot(Map.of(), List.of(), Replica.Recovered.fresh(renewed)));
    }

    /** What is stored, for going back to it. */
    public record Snapshot(Map<Bytes, Register> registers, List<Update> log, Replica.Recovered stored) {}

    /** All that is stored now. */
    public Snapshot snapshot() {
        return new Snapshot(registers(), log(), stored);
    }

    /** The process dies and starts again from what was stored once, as after the loss of unsynced writes. */
    public void restore(Snapshot snapshot) {
        registers = new HashMap<>(snapshot.registers());
        log = new ArrayList<>(snapshot.log());
        stored = snapshot.stored();
        crash();
    }

    /** Every key that holds something, as committed. */
    public Map<Bytes, Register> registers() {
        return Map.copyOf(registers);
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
