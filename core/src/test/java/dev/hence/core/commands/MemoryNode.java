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
 * A node in memory: a replica, its stored state, the updates it has delivered, and a wall clock that the test moves.
 * Each write is one transaction, stored at once.
 */
final class MemoryNode {

    /** The initial time of every clock, in milliseconds since 1970. */
    static final long BEGIN_MILLIS = 1_700_000_000_000L;

    /** A limit that no test exceeds by accident. */
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

    /** Runs a transaction; {@link #operations} returns its writes. */
    <R> R write(Transaction.Body<R> body) {
        Written<R> written = replica.write(nowMillis, body);
        store();
        return written.result();
    }

    /** Runs a transaction without a result. */
    void run(Consumer<Transaction> body) {
        write(transaction -> {
            body.accept(transaction);
            return transaction;
        });
    }

    /** The view that readers have now. */
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

    /** Advances the wall clock. */
    void advance(long millis) {
        nowMillis += millis;
    }

    /** Delivers all updates of the other node that this node lacks. */
    void follow(MemoryNode other) {
        for (Update update : List.copyOf(other.log)) {
            if (!replica.clock().contains(update.dot())) {
                replica.receive(update, nowMillis);
            }
        }
        store();
    }

    /** Both nodes deliver the updates of the other. */
    static void meet(MemoryNode one, MemoryNode other) {
        one.follow(other);
        other.follow(one);
    }

    /** The number of updates delivered here, its own included. */
    int updateCount() {
        return log.size();
    }

    /** The operations of the last update. */
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

    /** The bytes of a text. */
    static Bytes bytes(String text) {
        return Bytes.utf8(text);
    }
}
