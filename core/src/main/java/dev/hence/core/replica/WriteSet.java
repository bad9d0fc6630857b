package dev.hence.core.replica;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.CollectionMeta;
import dev.hence.core.crdt.Counter;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.Element;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.keyspace.State;
import dev.hence.core.keyspace.StateOverlay;
import dev.hence.core.update.Operation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The writes of a transaction, folded as they are made into at most one per key, deadline and element. They remove what
 * was present before the transaction, so the increments that they name are read from that state.
 *
 * <p>It tracks its size, so that a transaction that is too large is rejected while it grows and not after all of it is
 * in memory. The size includes keys, elements and values, but neither numbers nor the increments seen: it never exceeds
 * the final {@link Operation#sizeBytes(List)}. A later write may undo an earlier one, so the limit while the
 * transaction runs is higher than the limit at its end.
 */
final class WriteSet {

    /** A write to a key as a whole. */
    private sealed interface Whole {
        record Deleted() implements Whole {}

        record Set(Bytes value, long deadlineMillis) implements Whole {}
    }

    /** A write to one element or, after any write to the whole key, to its string. */
    private sealed interface Part {
        record Assigned(Bytes value) implements Part {}

        record Removed() implements Part {}

        record Added(BigDecimal delta) implements Part {}

        /** Its size with its key and element; a number is not counted. */
        static long sizeBytes(Bytes key, Name name, Part part) {
            int valueBytes = part instanceof Assigned(Bytes value) ? value.length() : 0;
            return (long) Operation.OVERHEAD_BYTES
                    + key.length()
                    + name.element().length()
                    + valueBytes;
        }
    }

    /** It is comparable so that lookups stay fast for names with equal hashes, which any client can choose. */
    private record Name(DataType type, Bytes element) implements Comparable<Name> {
        private static final Comparator<Name> ORDER =
                Comparator.comparing(Name::type).thenComparing(Name::element);

        @Override
        public int compareTo(Name other) {
            return ORDER.compare(this, other);
        }
    }

    private static final Name STRING = new Name(DataType.STRING, Bytes.EMPTY);

    private static final class KeyEffect {
        private @Nullable Whole whole;
        private @Nullable Long deadlineMillis;
        // Not allocated for a write to a whole key, the most frequent kind.
        private Map<Name, Part> parts = Map.of();
        private long bytes;
    }

    /** A limit that is never reached and does not overflow when multiplied. */
    static final long UNLIMITED = Long.MAX_VALUE / 4;

    /**
     * The factor by which a running transaction may exceed the size of an update before later writes undo some of it.
     */
    private static final int BYTES_ON_THE_WAY = 2;

    private final State before;
    // Most transactions write one key. It stays outside of the map, which is made for the second one.
    private @Nullable Bytes firstKey;
    private @Nullable KeyEffect first;
    private Map<Bytes, KeyEffect> others = Map.of();
    private final List<Operation> published = new ArrayList<>(0);
    private long updateBytesMax;
    private long bytes;

    /** @param updateBytesMax the maximum final size of the update */
    WriteSet(State before, long updateBytesMax) {
        this.before = before;
        this.updateBytesMax = updateBytesMax;
    }

    /** Lifts the limit. */
    void unlimited() {
        updateBytesMax = UNLIMITED;
    }

    /** @throws UpdateTooLargeException if the size would exceed the limit; then nothing is counted */
    private void count(long moreBytes) {
        if (moreBytes > 0 && (bytes + moreBytes) / BYTES_ON_THE_WAY > updateBytesMax) {
            throw new UpdateTooLargeException(bytes + moreBytes, updateBytesMax);
        }
        bytes += moreBytes;
    }

    /** The same, of a key. */
    private void count(KeyEffect effect, long moreBytes) {
        count(moreBytes);
        effect.bytes += moreBytes;
    }

    private void put(Bytes key, Name name, Part part) {
        KeyEffect effect = effect(key);
        Part known = effect.parts.get(name);
        count(effect, Part.sizeBytes(key, name, part) - (known == null ? 0 : Part.sizeBytes(key, name, known)));
        if (effect.parts.isEmpty()) {
            effect.parts = new LinkedHashMap<>(1);
        }
        effect.parts.put(name, part);
    }

    private KeyEffect effect(Bytes key) {
        KeyEffect known = known(key);
        if (known != null) {
            return known;
        }
        KeyEffect effect = new KeyEffect();
        if (firstKey == null && others.isEmpty()) {
            firstKey = key;
            first = effect;
        } else {
            if (others.isEmpty()) {
                others = new LinkedHashMap<>();
            }
            others.put(key, effect);
        }
        return effect;
    }

    private @Nullable KeyEffect known(Bytes key) {
        return key.equals(firstKey) ? first : others.get(key);
    }

    private void forget(Bytes key) {
        if (key.equals(firstKey)) {
            firstKey = null;
            first = null;
        } else {
            others.remove(key);
        }
    }

    void delete(Bytes key) {
        KeyEffect effect = effect(key);
        boolean absent = before.head(key).isEmpty();
        count(effect, (absent ? 0 : Operation.OVERHEAD_BYTES + key.length()) - effect.bytes);
        effect.whole = absent ? null : new Whole.Deleted();
        effect.deadlineMillis = null;
        effect.parts = Map.of();
        if (effect.whole == null) {
            forget(key);
        }
    }

    /** @param deadlineMillis may be {@link Deadlines#KEEP} */
    void set(Bytes key, Bytes value, long deadlineMillis) {
        KeyEffect effect = effect(key);
        count(effect, (long) Operation.OVERHEAD_BYTES + key.length() + value.length() - effect.bytes);
        long deadline = deadlineMillis;
        if (deadline == Deadlines.KEEP && effect.deadlineMillis != null) {
            deadline = effect.deadlineMillis;
        } else if (deadline == Deadlines.KEEP && effect.whole != null) {
            deadline = effect.whole instanceof Whole.Set set ? set.deadlineMillis() : Deadlines.NONE;
        }
        effect.whole = new Whole.Set(value, deadline);
        effect.deadlineMillis = null;
        effect.parts = Map.of();
    }

    void assign(Bytes key, DataType type, Bytes element, Bytes value) {
        put(key, new Name(type, element), new Part.Assigned(value));
    }

    void remove(Bytes key, DataType type, Bytes element) {
        KeyEffect effect = effect(key);
        Name name = new Name(type, element);
        if (effect.whole != null
                || before.cell(key, Element.kind(type), Element.row(type, element))
                        .isEmpty()) {
            Part known = effect.parts.isEmpty() ? null : effect.parts.remove(name);
            count(effect, known == null ? 0 : -Part.sizeBytes(key, name, known));
        } else {
            put(key, name, new Part.Removed());
        }
    }

    /** Whether this transaction has assigned or removed the element, so that an increment is folded into that write. */
    boolean decides(Bytes key, DataType type, Bytes element) {
        KeyEffect effect = known(key);
        if (effect == null) {
            return false;
        }
        Part part = effect.parts.get(new Name(type, element));
        return part instanceof Part.Assigned || part instanceof Part.Removed;
    }

    /** Must be called only for an element that this does not {@link #decides decide}. */
    void increment(Bytes key, DataType type, Bytes element, BigDecimal delta) {
        Name name = new Name(type, element);
        Part known = effect(key).parts.get(name);
        put(key, name, new Part.Added(known instanceof Part.Added(BigDecimal sum) ? sum.add(delta) : delta));
    }

    void expire(Bytes key, long deadlineMillis) {
        KeyEffect effect = effect(key);
        if (effect.whole instanceof Whole.Set set) {
            effect.whole = new Whole.Set(set.value(), deadlineMillis);
        } else {
            count(effect, effect.deadlineMillis == null ? key.length() : 0);
            effect.deadlineMillis = deadlineMillis;
        }
    }

    void publish(Bytes channel, Bytes message) {
        count((long) Operation.OVERHEAD_BYTES + channel.length() + message.length());
        published.add(new Operation.Publish(channel, message));
    }

    /** Counts bytes that the update carries in addition to its operations. */
    void weigh(Bytes more) {
        count(more.length());
    }

    /** The number of messages that it publishes. */
    int published() {
        return published.size();
    }

    /** Returns the operations for an update of this replica with this counter. */
    List<Operation> operations(ReplicaId self, long counter) {
        List<Operation> operations = new ArrayList<>(1 + others.size() + published.size());
        if (firstKey != null && first != null) {
            addTo(operations, firstKey, first, self, counter);
        }
        others.forEach((key, effect) -> addTo(operations, key, effect, self, counter));
        if (!published.isEmpty()) {
            operations.addAll(published);
        }
        return operations;
    }

    private void addTo(List<Operation> operations, Bytes key, KeyEffect effect, ReplicaId self, long counter) {
        boolean replaced = effect.whole != null;
        if (effect.whole instanceof Whole.Set set) {
            operations.add(new Operation.SetString(key, set.value(), set.deadlineMillis(), seen(key)));
        } else if (replaced) {
            operations.add(new Operation.DeleteKey(key, seen(key)));
        }
        if (effect.deadlineMillis != null) {
            operations.add(new Operation.Expire(key, effect.deadlineMillis));
        }
        if (!effect.parts.isEmpty()) {
            effect.parts.forEach((name, part) -> operations.add(operation(key, name, part, replaced, self, counter)));
        }
    }

    private Operation operation(Bytes key, Name name, Part part, boolean replaced, ReplicaId self, long counter) {
        return switch (part) {
            case Part.Assigned assigned ->
                new Operation.Assign(
                        key,
                        name.type(),
                        name.element(),
                        assigned.value(),
                        replaced ? List.of() : counter(key, name).marks());
            case Part.Removed removed ->
                new Operation.Remove(
                        key, name.type(), name.element(), counter(key, name).marks());
            case Part.Added added -> {
                Counter.Run run = replaced ? null : counter(key, name).run(self);
                long previous = run == null ? counter - 1 : run.last();
                BigDecimal total = run == null ? added.delta() : run.total().add(added.delta());
                yield new Operation.Increment(key, name.type(), name.element(), previous, added.delta(), total);
            }
        };
    }

    private Counter counter(Bytes key, Name name) {
        Cell cell = name.equals(STRING)
                ? before.head(key).string()
                : before.cell(key, Element.kind(name.type()), Element.row(name.type(), name.element()));
        return cell.counter();
    }

    private List<Operation.SeenIncrements> seen(Bytes key) {
        KeyHead head = before.head(key);
        if (!head.hasIncrements()) {
            return List.of();
        }
        List<Operation.SeenIncrements> seen = new ArrayList<>();
        addSeen(seen, STRING, head.string());
        for (CollectionMeta collection : head.collections()) {
            if (collection.counted() > 0) {
                DataType type = collection.type();
                StateOverlay.forEachCounted(
                        before,
                        key,
                        type,
                        element -> addSeen(
                                seen,
                                new Name(type, element),
                                before.cell(key, Element.kind(type), Element.row(type, element))));
            }
        }
        return seen;
    }

    private static void addSeen(List<Operation.SeenIncrements> seen, Name name, Cell cell) {
        if (!cell.counter().isEmpty()) {
            seen.add(new Operation.SeenIncrements(
                    name.type(), name.element(), cell.counter().marks()));
        }
    }
}
