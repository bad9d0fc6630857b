package dev.hence.simulator.node;

import dev.hence.core.datatype.Bytes;
import dev.hence.core.datatype.DataType;
import dev.hence.core.datatype.Deadlines;
import dev.hence.core.datatype.Decimals;
import dev.hence.core.datatype.Element;
import dev.hence.core.datatype.KeyHead;
import dev.hence.core.datatype.RowKind;
import dev.hence.core.datatype.Scores;
import dev.hence.core.keyspace.State;
import dev.hence.core.replica.Transaction;
import dev.hence.core.type.Hashes;
import dev.hence.core.type.Keys;
import dev.hence.core.type.NotANumberException;
import dev.hence.core.type.Sets;
import dev.hence.core.type.Strings;
import dev.hence.core.type.WrongTypeException;
import dev.hence.simulator.trace.Command;
import dev.hence.simulator.trace.Type;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Carries out what clients ask, within one transaction. */
final class Commands {
    private final Transaction transaction;
    private int pushed;

    /** Fails a request: nothing of it happens. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failed() {}

        Failed(RuntimeException refusal) {
            super(refusal);
        }
    }

    private Commands(Transaction transaction) {
        this.transaction = transaction;
    }

    /** @throws Failed if one of them fails */
    static void run(Transaction transaction, List<Command> commands) {
        Commands run = new Commands(transaction);
        try {
            commands.forEach(run::run);
        } catch (WrongTypeException | NotANumberException refusal) {
            throw new Failed(refusal);
        }
    }

    private void run(Command command) {
        Bytes key = Bytes.utf8(command.key());
        switch (command) {
            case Command.Set set ->
                Strings.set(
                        transaction,
                        key,
                        Bytes.utf8(set.value()),
                        Strings.Condition.ALWAYS,
                        deadline(set.lifetimeMillis()));
            case Command.Delete delete -> Keys.delete(transaction, key);
            case Command.Put put -> put(key, put.type(), Bytes.utf8(put.element()), Bytes.utf8(put.value()));
            case Command.Remove remove -> remove(key, remove.type(), Bytes.utf8(remove.element()));
            case Command.Add add -> {
                if (Decimals.isWhole(add.delta())) {
                    add(key, add.type(), Bytes.utf8(add.element()), add.delta().longValueExact());
                } else {
                    add(key, add.type(), Bytes.utf8(add.element()), add.delta());
                }
            }
            case Command.Push push -> push(key, push.end(), Bytes.utf8(push.value()));
            case Command.Pop pop -> {
                if (prepare(key, DataType.LIST)) {
                    remove(key, DataType.LIST, end(key, pop.end()));
                }
            }
            case Command.SetItem set -> {
                Bytes item = prepare(key, DataType.LIST) ? item(key, set.index()) : null;
                if (item != null) {
                    transaction.assign(key, DataType.LIST, item, Bytes.utf8(set.value()));
                }
            }
            case Command.RemoveItem remove -> {
                Bytes item = prepare(key, DataType.LIST) ? item(key, remove.index()) : null;
                if (item != null) {
                    remove(key, DataType.LIST, item);
                }
            }
            case Command.Expire expire -> Keys.expire(transaction, key, deadline(expire.lifetimeMillis()));
            case Command.Persist persist -> Keys.persist(transaction, key);
        }
    }

    private long deadline(long lifetimeMillis) {
        return lifetimeMillis == Command.FOR_EVER
                ? Deadlines.NONE
                : lifetimeMillis == Command.KEEP ? Deadlines.KEEP : transaction.nowMillis() + lifetimeMillis;
    }

    private void put(Bytes key, Type type, Bytes element, Bytes value) {
        switch (type) {
            case HASH -> Hashes.put(transaction, key, new LinkedHashMap<>(Map.of(element, value)));
            case SET -> Sets.add(transaction, key, List.of(element));
            case SORTED_SET -> {
                prepare(key, DataType.SORTED_SET);
                transaction.assign(
                        key, DataType.SORTED_SET, element, Scores.value(Double.parseDouble(value.toString())));
            }
            case STRING, LIST -> throw new IllegalArgumentException("put: " + type + " (expected: another type)");
        }
    }

    private void remove(Bytes key, Type type, Bytes element) {
        switch (type) {
            case HASH -> Hashes.remove(transaction, key, List.of(element));
            case SET -> Sets.remove(transaction, key, List.of(element));
            case SORTED_SET -> {
                if (prepare(key, DataType.SORTED_SET)) {
                    remove(key, DataType.SORTED_SET, element);
                }
            }
            case STRING, LIST -> throw new IllegalArgumentException("remove: " + type + " (expected: another type)");
        }
    }

    private void add(Bytes key, Type type, Bytes element, long delta) {
        switch (type) {
            case STRING -> Strings.increment(transaction, key, delta);
            case HASH -> Hashes.increment(transaction, key, element, delta);
            default -> add(key, type, element, BigDecimal.valueOf(delta));
        }
    }

    private void add(Bytes key, Type type, Bytes element, BigDecimal delta) {
        switch (type) {
            case STRING -> Strings.incrementByDecimal(transaction, key, delta);
            case HASH -> Hashes.incrementByDecimal(transaction, key, element, delta);
            case SORTED_SET -> {
                prepare(key, DataType.SORTED_SET);
                if (transaction.element(key, DataType.SORTED_SET, element).number() == null) {
                    throw new Failed();
                }
                transaction.increment(key, DataType.SORTED_SET, element, delta);
            }
            case SET, LIST -> throw new IllegalArgumentException("add: " + type + " (expected: one with numbers)");
        }
    }

    /** Whether anything shows. */
    private boolean prepare(Bytes key, DataType type) {
        DataType shown = Keys.type(transaction, key);
        if (shown != null && shown != type) {
            throw new Failed();
        }
        if (shown == null) {
            transaction.delete(key);
        }
        return shown != null;
    }

    private void remove(Bytes key, DataType type, Bytes element) {
        if (!transaction.element(key, type, element).isEmpty()) {
            transaction.remove(key, type, element);
            if (transaction.head(key).collection(type).count() == 0) {
                transaction.delete(key);
            }
        }
    }

    // --- lists ---

    /** A position is a place, counted from the first push, and the push's name. */
    private void push(Bytes key, Command.End end, Bytes value) {
        boolean front = end == Command.End.FRONT;
        long place = 1L << 62;
        if (prepare(key, DataType.LIST)) {
            place = ByteBuffer.wrap(end(key, end).array()).getLong() + (front ? -1 : 1);
        }
        byte[] position = ByteBuffer.allocate(3 * Long.BYTES + 1)
                .putLong(place)
                .putLong(transaction.dot().replica().incarnation())
                .putLong(transaction.dot().counter())
                .put((byte) pushed++)
                .array();
        transaction.assign(key, DataType.LIST, Bytes.wrap(position), value);
    }

    private Bytes end(Bytes key, Command.End end) {
        KeyHead head = transaction.head(key);
        Bytes row = end == Command.End.FRONT
                ? head.collection(DataType.LIST).first()
                : head.collection(DataType.LIST).last();
        if (row == null) {
            throw new IllegalStateException("list " + key + ": no ends (expected: some, it has elements)");
        }
        return Element.of(DataType.LIST, row);
    }

    private @Nullable Bytes item(Bytes key, int index) {
        List<Bytes> items = new ArrayList<>();
        transaction.walk(key, RowKind.ITEM, null, State.Direction.UP, (row, cell) -> {
            items.add(row);
            return items.size() <= index;
        });
        return index < items.size() ? items.get(index) : null;
    }
}
