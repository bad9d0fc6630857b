package dev.hence.simulator.node;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Replica;
import java.util.Objects;

/** Batches of a separate replica, to write to a disk. */
final class Batches {
    private final MemoryState rows = new MemoryState();
    private final Tracer tracer;
    private final Replica replica;
    private int values;

    /** @param tracer where the updates are registered */
    Batches(ReplicaId self, Tracer tracer) {
        this.tracer = tracer;
        this.replica = new Replica(
                Replica.Recovered.fresh(self), rows, new Replica.Limits(new DeliveryBuffer.Limits(10, 1_000), 1_000));
    }

    /** A batch of one update for each key: assigns a value to it, or removes it if it begins with a dash. */
    CommitBatch next(String... keys) {
        for (String key : keys) {
            replica.write(1_790_000_000_000L, transaction -> {
                if (key.startsWith("-")) {
                    transaction.delete(Bytes.utf8(key.substring(1)));
                } else {
                    transaction.set(Bytes.utf8(key), Bytes.utf8("v" + values++));
                }
                return true;
            });
        }
        CommitBatch changes = Objects.requireNonNull(replica.takeChanges());
        rows.store(changes.keys());
        changes.delivered().forEach(update -> tracer.made(0, update, 0));
        return changes;
    }

    void renew(ReplicaId renewed) {
        replica.renew(renewed);
    }

    /** The readable content after all batches. */
    MemoryState rows() {
        return rows;
    }
}
