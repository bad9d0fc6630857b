package dev.hence.core.keyspace;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.CollectionMeta;
import dev.hence.core.crdt.Counter;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.Element;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.MvRegister;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.update.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The effects of operations on the rows of a state: changes on top of it, readable as a state themselves.
 *
 * <p>Every effect is decided by one question: is that entry's dot in the operation's context? Entries that its origin
 * had seen are replaced or removed, concurrent ones stay. So the state after a set of updates is a function of the set,
 * in whatever order concurrent updates came.
 *
 * <p><b>Cost.</b> An operation on an element touches its row and the head. A removal of a key whose origin had seen
 * everything here removes the key's collections without reading their elements; if there are concurrent writes, the
 * collection is walked for the elements that survive.
 *
 * <p><b>Invariants.</b> (1) A row exists exactly if its cell is not empty. (2) A collection's counts and ends are those
 * of its rows, and it is in the head exactly while there is a write to it that no removal of the key has seen.
 *
 * <p>Not thread-safe.
 */
public final class StateOverlay implements State {

    private final State below;
    private Map<Bytes, KeyChange> changes = new HashMap<>();

    public StateOverlay(State below) {
        this.below = below;
    }

    /**
     * The dot, timestamp and context of a group of operations.
     *
     * @param context what they remove
     */
    public record Cause(Dot dot, long timestamp, VersionVector context) {}

    /** Applies a group of operations, all of one update. */
    public void apply(List<Operation> operations, Cause cause) {
        // Removals of whole keys are applied first: they remove rows without reading them.
        for (int i = 0; i < operations.size(); i++) {
            switch (operations.get(i)) {
                case Operation.SetString set -> set(set, cause);
                case Operation.DeleteKey delete -> delete(delete, cause);
                default -> {}
            }
        }
        for (int i = 0; i < operations.size(); i++) {
            switch (operations.get(i)) {
                case Operation.Assign assign -> assign(assign, cause);
                case Operation.Remove remove -> remove(remove, cause);
                case Operation.Increment increment -> increment(increment, cause);
                case Operation.Expire expire -> expire(expire.key(), expire.deadlineMillis(), cause);
                case Operation.SetString done -> {}
                case Operation.DeleteKey done -> {}
                case Operation.Publish published -> {}
            }
        }
    }

    /** Returns all changes since the last call, by key; the underlying state must contain them before the next read. */
    public Map<Bytes, KeyChange> take() {
        Map<Bytes, KeyChange> taken = changes;
        changes = HashMap.newHashMap(taken.size());
        return taken;
    }

    private void set(Operation.SetString set, Cause cause) {
        KeyChange change = change(set.key());
        KeyHead head = change.after();
        MvRegister.Entry entry = new MvRegister.Entry(cause.dot(), cause.timestamp(), set.value());
        if (set.deadlineMillis() == Deadlines.NONE && head.isReplacedAt(cause.context())) {
            change.head(KeyHead.plain(entry));
            return;
        }
        Cell string = head.string().assign(entry, cause.context(), marks(set.seen(), DataType.STRING, Bytes.EMPTY));
        Deadlines deadlines = set.deadlineMillis() == Deadlines.KEEP
                ? head.deadlines()
                : head.deadlines().set(new Deadlines.Entry(cause.dot(), set.deadlineMillis()), cause.context());
        change.head(new KeyHead(string, deadlines, head.collections()));
        clearCollections(set.key(), change, set.seen(), cause);
    }

    private void delete(Operation.DeleteKey delete, Cause cause) {
        KeyChange change = change(delete.key());
        KeyHead head = change.after();
        Cell string = head.string().remove(cause.context(), marks(delete.seen(), DataType.STRING, Bytes.EMPTY));
        change.head(new KeyHead(string, head.deadlines().remove(cause.context()), head.collections()));
        clearCollections(delete.key(), change, delete.seen(), cause);
    }

    private void clearCollections(Bytes key, KeyChange change, List<Operation.SeenIncrements> seen, Cause cause) {
        for (CollectionMeta collection : change.after().collections()) {
            MvRegister left = collection.latestWrites().remove(cause.context());
            if (left.isEmpty()) {
                erase(key, change, collection);
            } else {
                clearPartly(key, change, collection.withLatestWrites(left), seen, cause);
            }
        }
    }

    /** There are concurrent writes. The smaller part is written: the rows that are removed, or those that stay. */
    private void clearPartly(
            Bytes key, KeyChange change, CollectionMeta collection, List<Operation.SeenIncrements> seen, Cause cause) {
        DataType type = collection.type();
        Map<Bytes, List<Counter.Mark>> seenOf = new HashMap<>();
        seen.stream().filter(each -> each.type() == type).forEach(each -> seenOf.put(each.element(), each.marks()));
        BiFunction<Bytes, Cell, Cell> left =
                (element, cell) -> cell.remove(cause.context(), seenOf.getOrDefault(element, List.of()));
        long[] staying = new long[1];
        walk(key, Element.kind(type), null, Direction.UP, (row, cell) -> {
            staying[0] += left.apply(Element.of(type, row), cell).isEmpty() ? 0 : 1;
            return true;
        });
        boolean mostStay = staying[0] > collection.count() / 2;
        Map<Bytes, Cell> written = new TreeMap<>();
        walk(key, Element.kind(type), null, Direction.UP, (row, cell) -> {
            Bytes element = Element.of(type, row);
            Cell after = left.apply(element, cell);
            if (mostStay ? !after.equals(cell) : !after.isEmpty()) {
                written.put(element, after);
            }
            return true;
        });
        if (mostStay) {
            change.head(change.after().with(collection));
            written.forEach((element, cell) -> put(
                    key,
                    change,
                    change.after().collection(type),
                    element,
                    cell(key, Element.kind(type), Element.row(type, element)),
                    cell));
        } else {
            erase(key, change, collection);
            change.head(change.after().with(collection.withCounts(0, 0).withBounds(null, null)));
            written.forEach(
                    (element, cell) -> put(key, change, change.after().collection(type), element, Cell.EMPTY, cell));
        }
    }

    private void erase(Bytes key, KeyChange change, CollectionMeta collection) {
        DataType type = collection.type();
        change.erase(Element.kind(type));
        if (type == DataType.SORTED_SET) {
            change.erase(RowKind.RANK);
        }
        change.head(change.after().with(CollectionMeta.none(type)));
        eraseCounted(key, change, type, collection.counted());
    }

    private void eraseCounted(Bytes key, KeyChange change, DataType type, long counted) {
        if (counted > 0) {
            forEachCounted(
                    this, key, type, element -> change.put(RowKind.COUNTED, Element.counted(type, element), null));
        }
    }

    /** Visits the elements of a collection that have increments on top. */
    public static void forEachCounted(State state, Bytes key, DataType type, Consumer<Bytes> consumer) {
        counted(state, key, type, Integer.MAX_VALUE).forEach(consumer);
    }

    /** Returns the elements of a collection that have increments on top, at most n. */
    public static List<Bytes> counted(State state, Bytes key, DataType type, int countMax) {
        byte tag = Element.countedTag(type);
        List<Bytes> elements = new ArrayList<>();
        state.walk(key, RowKind.COUNTED, Element.counted(type, Bytes.EMPTY), Direction.UP, (row, cell) -> {
            if (elements.size() == countMax || row.array()[0] != tag) {
                return false;
            }
            elements.add(Element.countedOf(row));
            return true;
        });
        return elements;
    }

    private void assign(Operation.Assign assign, Cause cause) {
        KeyChange change = change(assign.key());
        Cell before = cell(assign.key(), Element.kind(assign.type()), Element.row(assign.type(), assign.element()));
        MvRegister.Entry entry = new MvRegister.Entry(cause.dot(), cause.timestamp(), assign.value());
        Cell after = before.assign(entry, cause.context(), assign.marks());
        put(assign.key(), change, withWrite(change, assign.type(), cause), assign.element(), before, after);
    }

    private void remove(Operation.Remove remove, Cause cause) {
        Cell before = cell(remove.key(), Element.kind(remove.type()), Element.row(remove.type(), remove.element()));
        if (!before.isEmpty()) {
            KeyChange change = change(remove.key());
            Cell after = before.remove(cause.context(), remove.marks());
            put(remove.key(), change, change.after().collection(remove.type()), remove.element(), before, after);
        }
    }

    private void increment(Operation.Increment increment, Cause cause) {
        KeyChange change = change(increment.key());
        DataType type = increment.type();
        if (type == DataType.STRING) {
            change.head(change.after().with(incremented(change.after().string(), increment, cause)));
            return;
        }
        Cell before = cell(increment.key(), Element.kind(type), Element.row(type, increment.element()));
        Cell after = incremented(before, increment, cause);
        put(increment.key(), change, withWrite(change, type, cause), increment.element(), before, after);
    }

    private static Cell incremented(Cell before, Operation.Increment increment, Cause cause) {
        return before.increment(
                cause.dot(), cause.timestamp(), increment.previous(), increment.delta(), increment.total());
    }

    private void expire(Bytes key, long deadlineMillis, Cause cause) {
        KeyChange change = change(key);
        Deadlines.Entry entry = new Deadlines.Entry(cause.dot(), deadlineMillis);
        change.head(change.after().with(change.after().deadlines().set(entry, cause.context())));
    }

    /** Returns a collection with a write to it recorded. */
    private static CollectionMeta withWrite(KeyChange change, DataType type, Cause cause) {
        CollectionMeta collection = change.after().collection(type);
        MvRegister touched = collection.latestWrites();
        for (MvRegister.Entry each : touched.entries()) {
            if (each.dot().equals(cause.dot())) {
                return collection;
            }
        }
        MvRegister.Entry entry = new MvRegister.Entry(cause.dot(), cause.timestamp(), Bytes.EMPTY);
        return collection.withLatestWrites(touched.assign(entry, cause.context()));
    }

    /** Puts an element's row, and updates the head with what is derived from it. */
    private void put(Bytes key, KeyChange change, CollectionMeta collection, Bytes element, Cell before, Cell after) {
        DataType type = collection.type();
        Bytes row = Element.row(type, element);
        change.put(Element.kind(type), row, after.isEmpty() ? null : after);
        long count = collection.count() + (after.isEmpty() ? 0 : 1) - (before.isEmpty() ? 0 : 1);
        long counted = collection.counted()
                + putCounted(
                        change,
                        type,
                        element,
                        !before.counter().isEmpty(),
                        !after.counter().isEmpty());
        CollectionMeta changed = collection.withCounts(count, counted);
        if (type == DataType.LIST) {
            changed = withEnds(key, changed, RowKind.ITEM, before.isEmpty() ? null : row, after.isEmpty() ? null : row);
        } else if (type == DataType.SORTED_SET) {
            changed = rank(key, change, changed, element, before, after);
        }
        change.head(change.after().with(changed));
    }

    private static int putCounted(KeyChange change, DataType type, Bytes element, boolean before, boolean after) {
        if (before == after) {
            return 0;
        }
        change.put(RowKind.COUNTED, Element.counted(type, element), after ? Cell.EMPTY : null);
        return after ? 1 : -1;
    }

    private CollectionMeta rank(
            Bytes key, KeyChange change, CollectionMeta collection, Bytes member, Cell before, Cell after) {
        Bytes old = before.isEmpty() ? null : Element.rank(before.score(), member);
        Bytes now = after.isEmpty() ? null : Element.rank(after.score(), member);
        if (old != null && !old.equals(now)) {
            change.put(RowKind.RANK, old, null);
        }
        if (now != null && !now.equals(old)) {
            change.put(RowKind.RANK, now, Cell.EMPTY);
        }
        return withEnds(key, collection, RowKind.RANK, old, now);
    }

    /** Returns the ends after one row was removed and one was put, both already recorded in {@link #changes}. */
    private CollectionMeta withEnds(
            Bytes key, CollectionMeta collection, RowKind kind, @Nullable Bytes gone, @Nullable Bytes come) {
        Bytes first = collection.first();
        Bytes last = collection.last();
        if (gone != null && !gone.equals(come)) {
            first = gone.equals(first) ? next(key, kind, gone, Direction.UP) : first;
            last = gone.equals(last) ? next(key, kind, gone, Direction.DOWN) : last;
        }
        if (come != null) {
            first = first == null || come.compareTo(first) < 0 ? come : first;
            last = last == null || come.compareTo(last) > 0 ? come : last;
        }
        return collection.withBounds(first, last);
    }

    private @Nullable Bytes next(Bytes key, RowKind kind, Bytes from, Direction direction) {
        Bytes[] found = new Bytes[1];
        walk(key, kind, from, direction, (row, cell) -> {
            found[0] = row;
            return false;
        });
        return found[0];
    }

    private static List<Counter.Mark> marks(List<Operation.SeenIncrements> seen, DataType type, Bytes element) {
        for (Operation.SeenIncrements each : seen) {
            if (each.type() == type && each.element().equals(element)) {
                return each.marks();
            }
        }
        return List.of();
    }

    private KeyChange change(Bytes key) {
        KeyChange change = changes.get(key);
        if (change == null) {
            change = new KeyChange(below.head(key));
            changes.put(key, change);
        }
        return change;
    }

    @Override
    public KeyHead head(Bytes key) {
        KeyChange change = changes.get(key);
        return change == null ? below.head(key) : change.after();
    }

    @Override
    public Cell cell(Bytes key, RowKind kind, Bytes row) {
        KeyChange change = changes.get(key);
        KeyChange.RowChange changed = change == null ? null : change.row(kind, row);
        if (changed == null) {
            return below.cell(key, kind, row);
        }
        return changed.cell() == null ? Cell.EMPTY : changed.cell();
    }

    @Override
    public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
        KeyChange change = changes.get(key);
        return change == null
                ? below.walk(key, kind, from, direction, visitor)
                : new ChangedRows(change, kind, from, direction, visitor)
                        .walk(visited -> below.walk(key, kind, from, direction, visited));
    }
}
