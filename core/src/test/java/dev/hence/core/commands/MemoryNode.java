package dev.hence.core.commands;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Replica;
import dev.hence.core.replica.Transaction;
import dev.hence.core.replica.Written;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A node in memory: a replica, what it stores, the updates it has delivered, and a wall clock that moves when it is
 * told to. Each write is one transaction, stored at once.
 */
final class MemoryNode {

    /** Where every clock begins, in milliseconds since 1970. */
    static final long BEGIN_MILLIS = 1_700_000_000_000L;

    /** No test writes more than this by accident. */
    static final long UPDATE_BYTES_MAX = 1 << 20;

    private final MemoryState state = new MemoryState();
    private final List<Update> log = new ArrayList<>();
    private final Replica replica;
    private long nowMillis = BEGIN_MILLIS;

    MemoryNode(String name) {
        this(name, UPDATE_BYTES_MAX);
    }

    MemoryNode(String name, long valueBytesMax) {
        ReplicaId self = new ReplicaId(name, 1);
        Replica.Limits limits =
                new Replica.Limits(new DeliveryBuffer.Limits(1_000, UPDATE_BYTES_MAX), UPDATE_BYTES_MAX, valueBytesMax);
        replica = new Replica(Replica.Recovered.fresh(self), state, limits);
    }

    /** Runs a transaction; what it wrote can be seen in {@link #operations}. */
    <R> R write(Transaction.Body<R> body) {
        Written<R> written = replica.write(nowMillis, body);
        store();
        return written.result();
    }

    /** Runs a transaction that has nothing to tell. */
    void run(Consumer<Transaction> body) {
        write(transaction -> {
            body.accept(transaction);
            return transaction;
        });
    }

    /** What readers see now. */
    View view() {
        return View.of(state, nowMillis);
    }

    /** The rows themselves. */
    MemoryState state() {
        return state;
    }

    long nowMillis() {
        return nowMillis;
    }

    /** Time passes. */
    void advance(long millis) {
        nowMillis += millis;
    }

    /** Delivers everything of the other node's that is not here yet. */
    void follow(MemoryNode other) {
        for (Update update : List.copyOf(other.log)) {
            if (!replica.clock().contains(update.dot())) {
                replica.receive(update, nowMillis);
            }
        }
        store();
    }

    /** Both nodes deliver what the other has. */
    static void meet(MemoryNode one, MemoryNode other) {
        one.follow(other);
        other.follow(one);
    }

    /** The number of updates delivered here, its own included. */
    int updateCount() {
        return log.size();
    }

    /** What the last update does. */
    List<Operation> operations() {
        return log.getLast().operations();
    }

    private void store() {
        CommitBatch changes = replica.takeChanges();
        if (changes != null) {
            state.store(changes.keys());
            log.addAll(changes.delivered());
        }
    }

    /** Bytes of a text. */
    static Bytes bytes(String text) {
        return Bytes.utf8(text);
    }
}
