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
 * A local write transaction: it reads the latest state with its own changes on top, and its writes become one update,
 * folded to their net effect. A write that brings much more than an update may have throws {@link
 * UpdateTooLargeException}, and so does the end of a transaction that comes to more.
 *
 * <p>These are the bare writes: they check neither types nor deadlines. What Redis commands mean is in {@link
 * dev.hence.core.type}.
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

    // Own writes are put on top of what was there only when something is read after them.
    private final List<Operation> unapplied = new ArrayList<>();
    private @Nullable StateOverlay own;
    private int applied;

    /** @param context all that this replica has applied */
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
     * @param <R> what it tells its caller
     */
    @FunctionalInterface
    public interface Body<R> {
        R run(Transaction transaction);
    }

    /** The dot of the update that this transaction becomes if it writes anything. */
    public Dot dot() {
        return dot;
    }

    /**
     * How many bytes of keys and values the update may have. More is refused when the transaction ends, so this is
     * for bodies that would rather not make what is refused then.
     */
    public long bytesMax() {
        return bytesMax;
    }

    /**
     * Lifts the limit, for an update that takes the place of one that was within it: what is added to that must not
     * make it impossible.
     */
    void unlimited() {
        bytesMax = WriteSet.UNLIMITED;
        net.unlimited();
    }

    /** How long a value may be that a body makes out of others, in bytes. */
    public long valueBytesMax() {
        return limits.valueBytesMax();
    }

    /**
     * How many bare writes it has made so far: who runs several commands in one transaction sees by it whether one
     * that failed had written before.
     */
    public int writes() {
        return applied + unapplied.size() + net.published();
    }

    /** The state of a key before the transaction, siblings and version tag included. */
    public KeyHead before(Bytes key) {
        return before.head(key);
    }

    /** Assigns a string to a key, in place of whatever it holds, and ends its deadline. */
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
     * Removes all that a key holds; whether it showed anything.
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
     * Adds to the number in a string, a field or a score. The value there is a number, or nothing, or there are
     * none to show; who calls this has seen to that.
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
     * Says when a key expires.
     *
     * @param deadlineMillis milliseconds since 1970, or {@link Deadlines#NONE}
     */
    public void expire(Bytes key, long deadlineMillis) {
        net.expire(key, deadlineMillis);
        unapplied.add(new Operation.Expire(key, deadlineMillis));
    }

    /** Tells the subscribers of a channel something, at every node, after all that happened before. */
    public void publish(Bytes channel, Bytes message) {
        net.publish(channel, message);
    }

    /**
     * Has the update carry that it carries out a client's request, see {@link dev.hence.core.update.Update#request}.
     * There is an update then even if nothing changes.
     *
     * @throws UpdateTooLargeException if there is no room for it
     */
    public void request(Bytes record) {
        net.weigh(record);
        request = record;
    }

    /** Empty if it carries out none. */
    Bytes request() {
        return request;
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
            // Within the transaction a write replaces earlier ones of its own as well.
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
