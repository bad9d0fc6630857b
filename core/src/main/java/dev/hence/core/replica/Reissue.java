package dev.hence.core.replica;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.ListPosition;
import dev.hence.core.crdt.MvRegister;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reissues the updates of a {@link Identity forked} storage: each becomes one new update with the same effect on the
 * present state. An assignment assigns, an increment adds the same amount, a removal of an element removes what it
 * finds, and a list item is inserted between the same neighbours.
 *
 * <p><b>The removal of a key</b> is skipped if the key now holds anything that the old update had not seen: the two are
 * concurrent, and so no write made at another node since the fork is lost. Most such removals are those of expired keys
 * ({@link dev.hence.core.keyspace}), which no client requested and which are indistinguishable from others.
 *
 * <p><b>Once.</b> The new update carries the dot of the old one as a publication to {@link #CHANNEL}, in the same batch
 * as its effect. So every node that has the new updates knows which old ones were reissued ({@link #known}), also after
 * a crash, and none is reissued twice.
 *
 * <p><b>List items</b> are named by the update that inserted them, and the dot of a forked update also names another
 * update. They are renamed after the new update, and later old updates that change or remove them are translated. Old
 * updates must be run in the order in which they were delivered.
 *
 * <p>Not thread-safe.
 */
public final class Reissue {

    /** The updates that the old ones had seen. */
    @FunctionalInterface
    public interface Old {
        /** Whether the update under a dot here is the same as in the forked storage. */
        boolean had(Dot dot);
    }

    /** The channel on which a new update names the old one that it reissues. */
    public static final Bytes CHANNEL = Bytes.utf8("hence:reissued");

    private final Map<Dot, Dot> renamed = new HashMap<>();
    private final Set<Dot> fresh = new HashSet<>();
    private final Old before;

    /** @param before the updates of the forked storage */
    public Reissue(Old before) {
        this.before = before;
    }

    /** Records an update of the log: it may be a reissued one of an earlier run. */
    public void known(Update update) {
        for (Operation operation : update.operations()) {
            if (operation instanceof Operation.Publish publish
                    && publish.channel().equals(CHANNEL)) {
                oldName(publish.message().toString()).ifPresent(old -> made(old, update.dot()));
            }
        }
    }

    /** Any client can publish to the channel: a message that is not a dot is ignored. */
    private static Optional<Dot> oldName(String text) {
        int colon = text.lastIndexOf(':');
        try {
            return Optional.of(new Dot(
                    ReplicaId.parse(text.substring(0, Math.max(0, colon))), Long.parseLong(text.substring(colon + 1))));
        } catch (IllegalArgumentException noName) {
            return Optional.empty();
        }
    }

    /** Whether an old update was reissued. */
    public boolean isDone(Dot old) {
        return renamed.containsKey(old);
    }

    /** Records that an old update was reissued, under another dot. */
    public void made(Dot old, Dot again) {
        renamed.put(old, again);
        fresh.add(again);
    }

    /**
     * Returns the transaction that reissues an old update. After it has run, the caller calls {@link #made} before it
     * runs the next one. It may have any size, because the old update was within the limit.
     */
    public Transaction.Body<Boolean> body(Update old) {
        return transaction -> {
            transaction.unlimited();
            old.operations().stream()
                    .sorted(Comparator.comparingInt(Reissue::turn))
                    .forEach(operation -> run(operation, old, transaction));
            if (old.request().length() > 0) {
                transaction.request(old.request());
            }
            transaction.publish(CHANNEL, Bytes.utf8(old.dot().toString()));
            return true;
        };
    }

    /** Net effects are unordered, commands are not: removals first, the deadlines of the result last. */
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

    private void run(Operation operation, Update update, Transaction transaction) {
        Bytes key = operation.key();
        Dot old = update.dot();
        switch (operation) {
            case Operation.DeleteKey delete -> {
                if (sawAll(update, transaction.before(key))) {
                    transaction.delete(key);
                }
            }
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

    /** Whether an old update had seen everything that a key holds now; updates reissued before it count as seen. */
    private boolean sawAll(Update old, KeyHead head) {
        List<MvRegister> registers = new ArrayList<>();
        registers.add(head.string().register());
        head.collections().forEach(collection -> registers.add(collection.latestWrites()));
        Stream<Dot> assigned = registers.stream()
                .flatMap(register -> register.entries().stream())
                .map(MvRegister.Entry::dot);
        Stream<Dot> counted = head.string().counter().runs().stream().map(run -> new Dot(run.replica(), run.last()));
        Stream<Dot> deadlines = head.deadlines().entries().stream().map(Deadlines.Entry::dot);
        return Stream.of(assigned, counted, deadlines)
                .flatMap(dots -> dots)
                .allMatch(dot -> fresh.contains(dot) || (old.context().contains(dot) && before.had(dot)));
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
