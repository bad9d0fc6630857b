package dev.hence.core.replica;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.datatype.Bytes;
import dev.hence.core.datatype.DataType;
import dev.hence.core.datatype.ListPosition;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes updates again that a storage holds which has {@link Identity forked}: each becomes one new update that does the
 * same to what is there now. An assignment assigns, an increment adds what it added, a removal removes what it finds, a
 * list item is inserted where it stood between others.
 *
 * <p><b>Once.</b> The new update carries the name of the old one as a publication to {@link #CHANNEL}, in the same
 * batch as its effect. So whoever has the new updates knows which old ones were made again ({@link #known}), after
 * a crash and at every node, and none is made twice.
 *
 * <p><b>List items</b> are named by the update that inserted them, and a forked update's name is another's as well.
 * They take the name of the new update, and later old updates that change or remove them follow. Old updates are to be
 * run in the order in which they were delivered.
 *
 * <p>Not thread-safe.
 */
public final class Reissue {

    /** Where new updates tell which old one they are. */
    public static final Bytes CHANNEL = Bytes.utf8("hence:reissued");

    private final Map<Dot, Dot> renamed = new HashMap<>();

    /** Takes note of an update of the log: it may be a new one that this made before. */
    public void known(Update update) {
        for (Operation operation : update.operations()) {
            if (operation instanceof Operation.Publish publish
                    && publish.channel().equals(CHANNEL)) {
                oldName(publish.message().toString()).ifPresent(old -> renamed.put(old, update.dot()));
            }
        }
    }

    /** Anybody can publish anything: what is no name is none. */
    private static Optional<Dot> oldName(String text) {
        int colon = text.lastIndexOf(':');
        try {
            return Optional.of(new Dot(
                    ReplicaId.parse(text.substring(0, Math.max(0, colon))), Long.parseLong(text.substring(colon + 1))));
        } catch (IllegalArgumentException noName) {
            return Optional.empty();
        }
    }

    /** Whether an old update was made again. */
    public boolean isDone(Dot old) {
        return renamed.containsKey(old);
    }

    /** The transaction that makes an old update again, which it then takes for done. It runs once. */
    public Transaction.Body<Boolean> body(Update old) {
        return transaction -> {
            old.operations().stream()
                    .sorted(Comparator.comparingInt(Reissue::turn))
                    .forEach(operation -> run(operation, old.dot(), transaction));
            transaction.publish(CHANNEL, Bytes.utf8(old.dot().toString()));
            renamed.put(old.dot(), transaction.dot());
            return true;
        };
    }

    /** Net effects have no order, commands have: first what clears, last the deadline of what is there then. */
    private static int turn(Operation operation) {
        return switch (operation) {
            case Operation.DeleteKey delete -> 0;
            case Operation.SetString set -> 1;
            case Operation.Remove remove -> 2;
            case Operation.Assign assign -> 3;
            case Operation.Increment increment -> 3;
            case Operation.Expire expire -> 4;
            case Operation.Publish publish -> 5;
        };
    }

    private void run(Operation operation, Dot old, Transaction transaction) {
        Bytes key = operation.key();
        switch (operation) {
            case Operation.DeleteKey delete -> transaction.delete(key);
            case Operation.SetString set -> transaction.set(key, set.value(), set.deadlineMillis());
            case Operation.Remove remove ->
                transaction.remove(key, remove.type(), element(remove.type(), remove.element(), old, transaction));
            case Operation.Assign assign ->
                transaction.assign(
                        key, assign.type(), element(assign.type(), assign.element(), old, transaction), assign.value());
            case Operation.Increment increment ->
                transaction.increment(key, increment.type(), increment.element(), increment.delta());
            case Operation.Expire expire -> {
                if (!transaction.head(key).isEmpty()) {
                    transaction.expire(key, expire.deadlineMillis());
                }
            }
            case Operation.Publish publish -> {
                if (!publish.channel().equals(CHANNEL)) {
                    transaction.publish(publish.channel(), publish.message());
                }
            }
        }
    }

    private Bytes element(DataType type, Bytes element, Dot old, Transaction transaction) {
        if (type != DataType.LIST) {
            return element;
        }
        List<ListPosition.Step> steps = ListPosition.of(element).steps().stream()
                .map(step -> new ListPosition.Step(step.place(), name(step.dot(), old, transaction), step.index()))
                .toList();
        return new ListPosition(steps).bytes();
    }

    private Dot name(Dot inserted, Dot old, Transaction transaction) {
        if (inserted.equals(old)) {
            return transaction.dot();
        }
        @Nullable Dot again = renamed.get(inserted);
        return again == null ? inserted : again;
    }
}
