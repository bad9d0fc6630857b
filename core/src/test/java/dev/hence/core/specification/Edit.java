package dev.hence.core.specification;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.DataType;
import dev.hence.core.replica.Transaction;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** One write within a transaction. */
sealed interface Edit {
    Bytes key();

    record Set(Bytes key, Bytes value, long deadlineMillis) implements Edit {}

    record Delete(Bytes key) implements Edit {}

    record Assign(Bytes key, DataType type, Bytes element, Bytes value) implements Edit {}

    record Remove(Bytes key, DataType type, Bytes element) implements Edit {}

    record Add(Bytes key, DataType type, Bytes element, BigDecimal delta) implements Edit {}

    record Expire(Bytes key, long deadlineMillis) implements Edit {}

    BigDecimal SHOWN_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

    /** Applies this edit, unless it is one that no command makes; returns whether it did. */
    default boolean carryOut(Transaction transaction) {
        switch (this) {
            case Set(Bytes key, Bytes value, long deadlineMillis) -> transaction.set(key, value, deadlineMillis);
            case Delete(Bytes key) -> transaction.delete(key);
            case Assign(Bytes key, DataType type, Bytes element, Bytes value) ->
                transaction.assign(key, type, element, value);
            case Remove(Bytes key, DataType type, Bytes element) -> transaction.remove(key, type, element);
            case Expire(Bytes key, long deadlineMillis) -> transaction.expire(key, deadlineMillis);
            case Add(Bytes key, DataType type, Bytes element, BigDecimal delta) -> {
                Cell cell = transaction.element(key, type, element);
                BigDecimal number = cell.number();
                if (number == null || number.add(delta).abs().compareTo(SHOWN_MAX) > 0) {
                    return false;
                }
                transaction.increment(key, type, element, delta);
            }
        }
        return true;
    }

    private Operation alone() {
        return switch (this) {
            case Set(Bytes key, Bytes value, long deadlineMillis) ->
                new Operation.SetString(key, value, deadlineMillis, List.of());
            case Delete(Bytes key) -> new Operation.DeleteKey(key);
            case Assign(Bytes key, DataType type, Bytes element, Bytes value) ->
                new Operation.Assign(key, type, element, value, List.of());
            case Remove(Bytes key, DataType type, Bytes element) -> new Operation.Remove(key, type, element, List.of());
            case Expire(Bytes key, long deadlineMillis) -> new Operation.Expire(key, deadlineMillis);
            case Add(Bytes key, DataType type, Bytes element, BigDecimal delta) ->
                new Operation.Increment(key, type, element, 1, delta, delta);
        };
    }

    /** The updates that would result if each edit were an update of its own. */
    static List<Update> oneByOne(List<Edit> edits, Dot first, VersionVector context, long timestamp) {
        List<Update> updates = new ArrayList<>();
        Dot dot = first;
        VersionVector before = context;
        for (Edit edit : edits) {
            updates.add(new Update(dot, before, timestamp, List.of(edit.alone()), 0, Bytes.EMPTY, 0));
            before = before.with(dot);
            dot = dot.next();
        }
        return updates;
    }
}
