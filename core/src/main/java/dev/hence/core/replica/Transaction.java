package dev.hence.core.replica;

import dev.hence.core.datatype.Bytes;
import dev.hence.core.datatype.Register;
import dev.hence.core.update.Operation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a local writer does, seen from the inside: it reads the latest state and its own changes, and
 * collects operations that become one update.
 *
 * <p>Operations on one key are folded as they come, so an update carries at most one for each key: the
 * net effect of the transaction on what it saw.
 */
public final class Transaction {

    private final State latest;
    private final Map<Bytes, Operation> operations = new LinkedHashMap<>();

    Transaction(State latest) {
        this.latest = latest;
    }

    /**
     * The body of a transaction. It runs on the replica's writer, so it must not block; if it throws,
     * nothing happened.
     *
     * @param <R> what it tells its caller
     */
    @FunctionalInterface
    public interface Body<R> {
        R run(Transaction transaction);
    }

    /**
     * The state of a key before the transaction, siblings and version tag included: what conditions are
     * decided on.
     */
    public Register before(Bytes key) {
        return latest.register(key);
    }

    /** Whether the key has a value, with this transaction's own operations applied. */
    public boolean exists(Bytes key) {
        return switch (operations.get(key)) {
            case Operation.SetString set -> true;
            case Operation.DeleteKey delete -> false;
            case null -> !latest.register(key).isEmpty();
        };
    }

    /** Assigns a value to a key. */
    public void set(Bytes key, Bytes value) {
        operations.put(key, new Operation.SetString(key, value));
    }

    /**
     * Removes a key; whether it had a value.
     *
     * <p>Removing what is absent changes nothing anywhere, so it does not become part of the update.
     */
    public boolean delete(Bytes key) {
        boolean existed = exists(key);
        if (latest.register(key).isEmpty()) {
            operations.remove(key);
        } else {
            operations.put(key, new Operation.DeleteKey(key));
        }
        return existed;
    }

    List<Operation> netEffect() {
        return List.copyOf(operations.values());
    }
}
