package dev.hence.core.replica;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.Counter;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.Decimals;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.State;
import dev.hence.core.keyspace.StateOverlay;
import dev.hence.core.keyspace.View;
import dev.hence.core.update.Operation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A local transaction as its body sees it: it reads the latest state with its own changes on top, and its writes become
 * one update, folded to their net effect. A write that far exceeds the limit of an update throws {@link
 * UpdateTooLargeException}, and so does the end of a transaction that exceeds the limit.
 *
 * <p>These are the primitive writes: they check neither types nor deadlines. The semantics of commands are in {@link
 * dev.hence.core.commands}.
 */
public final class Transaction implements View {

    private final State before;
    private final long nowMillis;
    private final Replica.Limits limits;
    private final long timestamp;
    private final Dot dot;
    private final VersionVector context;
    private final WriteSet net;
    private long bytesMax;
    private Bytes request = Bytes.EMPTY;

    // The transaction's own writes are overlaid on the state only when it reads after them.
    private final List<Operation> unapplied = new ArrayList<>(1);
    private @Nullable StateOverlay own;
    private int applied;

    /** @param context the updates that this replica has applied */
    Transaction(State before, long nowMillis, long timestamp, Dot dot, VersionVector context, Replica.Limits limits) {
        this.before = before;
        this.nowMillis = nowMillis;
        this.limits = limits;
        this.bytesMax = limits.updateBytesMax();
        this.net = new WriteSet(before, bytesMax);
        this.timestamp = timestamp;
        this.dot = dot;
        this.context = context;
    }

    /**
     * The body of a transaction. It runs on the replica's writer, so it must not block; if it throws,
     * nothing happened.
     *
     * @param <R> its result for the caller
     */
    @FunctionalInterface
    public interface Body<R> {
        R run(Transaction transaction);

        /** A key that it is likely to read or write; null if none is known beforehand. Only its speed depends on it. */
        default @Nullable Bytes expectedKey() {
            return null;
        }
    }

    /** The dot of this transaction's update, if it writes anything. */
    public Dot dot() {
        return dot;
    }

    /**
     * The maximum size in bytes of the update's keys and values. A larger update is rejected when the transaction ends;
     * a body can check this limit to avoid building such an update.
     */
    public long bytesMax() {
        return bytesMax;
    }

    /**
     * Lifts the limit, for an update that replaces one that was within the limit and adds to it.
     */
    void unlimited() {
        bytesMax = WriteSet.UNLIMITED;
        net.unlimited();
    }

    /** The maximum size in bytes of a value that a body computes from others. */
    public long valueBytesMax() {
        return limits.valueBytesMax();
    }

    /**
     * The number of primitive writes so far. A caller that runs several commands in one transaction uses it to detect
     * whether a failed command had already written.
     */
    public int writes() {
        return applied + unapplied.size() + net.published();
    }

    /** The state of a key before the transaction, including siblings and version tag. */
    public KeyHead before(Bytes key) {
        return before.head(key);
    }

    /** Assigns a string to a key, replacing whatever it holds, and clears its deadline. */
    public void set(Bytes key, Bytes value) {
        set(key, value, Deadlines.NONE);
    }

    /**
     * Assigns a string to a key, in place of whatever it holds.
     *
     * @param deadlineMillis milliseconds since 1970, {@link Deadlines#NONE} or {@link Deadlines#KEEP}
     */
    public void set(Bytes key, Bytes value, long deadlineMillis) {
        net.set(key, value, deadlineMillis);
        unapplied.add(new Operation.SetString(key, value, deadlineMillis, List.of()));
    }

    /**
     * Removes everything that a key holds; returns whether the key was visible.
     *
     * <p>Removing what is absent changes nothing anywhere, so it does not become part of the update.
     */
    public boolean delete(Bytes key) {
        KeyHead head = head(key);
        if (!head.isEmpty()) {
            net.delete(key);
            unapplied.add(new Operation.DeleteKey(key));
        }
        return head.visibleAt(nowMillis).type() != null;
    }

    /** Assigns a value to an element of a collection; the empty value adds a member to a set. */
    public void assign(Bytes key, DataType type, Bytes element, Bytes value) {
        net.assign(key, type, element, value);
        unapplied.add(new Operation.Assign(key, type, element, value, List.of()));
    }

    /** Removes an element of a collection. */
    public void remove(Bytes key, DataType type, Bytes element) {
        net.remove(key, type, element);
        unapplied.add(new Operation.Remove(key, type, element, List.of()));
    }

    /**
     * Adds to the number in a string, a field or a score. The caller has made sure that the value is a number or that
     * there is no visible value.
     *
     * @param element empty for a string
     */
    public void increment(Bytes key, DataType type, Bytes element, BigDecimal delta) {
        if (net.decides(key, type, element)) {
            BigDecimal number = element(key, type, element).number();
            assign(key, type, element, Decimals.plain((number == null ? BigDecimal.ZERO : number).add(delta)));
            return;
        }
        net.increment(key, type, element, delta);
        Counter.Run run = element(key, type, element).counter().run(dot.replica());
        long previous = run == null ? dot.counter() - 1 : run.last();
        BigDecimal total = run == null ? delta : run.total().add(delta);
        unapplied.add(new Operation.Increment(key, type, element, previous, delta, total));
    }

    /**
     * Sets the deadline of a key.
     *
     * @param deadlineMillis milliseconds since 1970, or {@link Deadlines#NONE}
     */
    public void expire(Bytes key, long deadlineMillis) {
        net.expire(key, deadlineMillis);
        unapplied.add(new Operation.Expire(key, deadlineMillis));
    }

    /** Publishes a message to the subscribers of a channel at every node, after everything that happened before it. */
    public void publish(Bytes channel, Bytes message) {
        net.publish(channel, message);
    }

    /**
     * Sets the record of the client's request that the update executes, see {@link
     * dev.hence.core.update.Update#request}. The transaction then makes an update even if it changes nothing.
     *
     * @throws UpdateTooLargeException if there is no room for it
     */
    public void request(Bytes record) {
        net.weigh(record);
        request = record;
    }

    /** The record of the client's request; empty if there is none. */
    Bytes request() {
        return request;
    }

    /**
     * Reads the rows that applying the writes will read, for a host that ends bodies which ask for rows that it does not have
     * at hand.
     */
    public void readAhead() {
        for (int i = 0; i < unapplied.size(); i++) {
            if (!changesOnlyHead(unapplied.get(i))) {
                latest();
                return;
            }
        }
    }

    /** Whether an operation reads and changes no other row than the head of its key, which is read. */
    private boolean changesOnlyHead(Operation operation) {
        return switch (operation) {
            case Operation.SetString set -> before.head(set.key()).collections().isEmpty();
            case Operation.Increment increment -> increment.type() == DataType.STRING;
            case Operation.Expire expire -> !before.head(expire.key()).isEmpty();
            default -> false;
        };
    }

    List<Operation> netEffect() {
        return net.operations(dot.replica(), dot.counter());
    }

    /** The state with this transaction's own writes on top. */
    private State latest() {
        if (!unapplied.isEmpty()) {
            if (own == null) {
                own = new StateOverlay(before);
            }
            // Within the transaction a write also replaces the transaction's own earlier writes.
            StateOverlay.Cause cause = new StateOverlay.Cause(dot, timestamp, context.with(dot));
            for (Operation operation : unapplied) {
                own.apply(List.of(operation), cause);
            }
            applied += unapplied.size();
            unapplied.clear();
        }
        return own == null ? before : own;
    }

    @Override
    public long nowMillis() {
        return nowMillis;
    }

    @Override
    public KeyHead head(Bytes key) {
        return latest().head(key);
    }

    @Override
    public Cell cell(Bytes key, RowKind kind, Bytes row) {
        return latest().cell(key, kind, row);
    }

    @Override
    public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
        return latest().walk(key, kind, from, direction, visitor);
    }
}
