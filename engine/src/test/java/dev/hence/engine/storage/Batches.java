package dev.hence.engine.storage;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Replica;
import dev.hence.core.replica.Transaction;
import dev.hence.core.update.Update;
import java.util.List;
import java.util.Objects;

/** A replica over a storage, driven by the test like by a node, one batch at a time. */
final class Batches {

    static final long NOW = 1_750_000_000_000L;

    private static final Replica.Limits LIMITS =
            new Replica.Limits(new DeliveryBuffer.Limits(1_000, 1L << 20), 1L << 20);

    private final Storage storage;
    private final Replica replica;

    Batches(Storage storage) {
        this.storage = storage;
        this.replica = new Replica(storage.recovered(), storage, LIMITS);
    }

    /** Updates made by another replica. */
    static List<Update> madeElsewhere(ReplicaId origin, String... keys) {
        Replica other = new Replica(Replica.Recovered.fresh(origin), new MemoryState(), LIMITS);
        for (String key : keys) {
            other.write(NOW, transaction -> {
                transaction.set(Bytes.utf8(key), Bytes.utf8(key + " of " + origin.name()));
                return "";
            });
        }
        return Objects.requireNonNull(other.takeChanges()).delivered();
    }

    Update set(String key, String value) {
        return commit(transaction -> {
            transaction.set(Bytes.utf8(key), Bytes.utf8(value));
            return "";
        });
    }

    Update delete(String key) {
        return commit(transaction -> transaction.delete(Bytes.utf8(key)));
    }

    Update commit(Transaction.Body<?> body) {
        Update update = Objects.requireNonNull(replica.write(NOW, body).update());
        commit(false);
        return update;
    }

    void receive(List<Update> updates) {
        updates.forEach(update -> replica.receive(update, NOW));
        commit(false);
    }

    void renew(ReplicaId renewed) {
        replica.renew(renewed);
        commit(false);
    }

    private void commit(boolean sync) {
        CommitBatch changes = replica.takeChanges();
        if (changes != null) {
            storage.commit(changes, sync);
        }
    }
}
