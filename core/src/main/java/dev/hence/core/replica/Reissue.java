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
 * Reissues updates of a storage that has {@link Identity forked}: each becomes one new update that does the same to the
 * current data. An assignment assigns, an increment adds what it added, a removal of an element removes what it finds,
 * a list item is inserted where it stood between others.
 *
 * <p><b>The removal of a key</b> is left out if the key holds anything by now that the old update had not seen, as if
 * the two were concurrent, which they are: then nothing is lost that was written at another node since the fork. Most
 * such removals are those of expired keys ({@link dev.hence.core.keyspace}), which no client requested, and which
 * cannot be told from others.
 *
 * <p><b>Once.</b> The new update carries the name of the old one as a publication to {@link #CHANNEL}, in the same
 * batch as its effect. So a node that has the new updates knows which old ones were reissued ({@link #known}), after a
 * crash and at every node, and none is made twice.
 *
 * <p><b>List items</b> are named by the update that inserted them, and a forked update's name is another's as well.
 * They take the name of the new update, and later old updates that change or remove them follow. Old updates are to be
 * run in the order in which they were delivered.
 *
 * <p>Not thread-safe.
 */
public final class Reissue {

    /** Which updates the old ones had seen. */
    @FunctionalInterface
    public interface Old {
        /** Whether the update that stands under a dot here is the very one that stood there in the forked storage. */
        boolean had(Dot dot);
    }

    /** Where new updates tell which old one they are. */
    public static final Bytes CHANNEL = Bytes.utf8("hence:reissued");

    private final Map<Dot, Dot> renamed = new HashMap<>();
    private final Set<Dot> fresh = new HashSet<>();
    private final Old before;

    /** @param before what was in the forked storage */
    public Reissue(Old before) {
        this.before = before;
    }

    /** Records an update of the log: it may be a new one that this made before. */
    public void known(Update update) {
        for (Operation operation : update.operations()) {
            if (operation instanceof Operation.Publish publish
                    && publish.channel().equals(CHANNEL)) {
                oldName(publish.message().toString()).ifPresent(old -> made(old, update.dot()));
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

    /** Whether an old update was reissued. */
    public boolean isDone(Dot old) {
        return renamed.containsKey(old);
    }

    /** Records that an old update was reissued, under another name. */
    public void made(Dot old, Dot again) {
        renamed.put(old, again);
        fresh.add(again);
    }

    /**
     * The transaction that reissues an old update. Afterwards, call {@link #made} before the next one runs. It may have
     * any size, for the old one was within the limit.
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

    /** Whether an old update had seen all that a key holds now; what was reissued before it comes before it. */
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
