package dev.hence.core.crdt;

import dev.hence.core.clock.VersionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a key except the elements of its collections: the string, the deadlines, and the metadata of each
 * collection. It is one row in storage, so a string key is exactly one row.
 *
 * <p>A key holds several types at once only if they were written concurrently. Then the type with the newest write is
 * visible, and a removal or a SET removes everything that it saw.
 *
 * <p>Almost every head is a <em>plain string</em>: one value and, with the same dot, the deadline {@link Deadlines#NONE},
 * and nothing else. That is what a SET without a deadline leaves. Such a head holds its only assignment, and what the
 * others hold is made when it is asked for: heads are read and replaced by every command.
 *
 * <p>Immutable.
 */
public final class KeyHead {

    /** An absent key. */
    public static final KeyHead EMPTY = new KeyHead(Cell.EMPTY, Deadlines.EMPTY, List.of());

    /** Null exactly if the head is not a plain string. */
    private final MvRegister.@Nullable Entry plain;

    // Empty if the head is a plain string.
    private final Cell string;
    private final Deadlines deadlines;
    private final List<CollectionMeta> collections;

    /**
     * @param string the string; empty if there is none
     * @param deadlines when the key expires
     * @param collections those that were written, in the order of their types; is copied
     */
    public KeyHead(Cell string, Deadlines deadlines, List<CollectionMeta> collections) {
        boolean one = string.counter().isEmpty() && collections.isEmpty();
        this.plain = one ? onlyAssignment(string.register(), deadlines) : null;
        this.string = plain == null ? string : Cell.EMPTY;
        this.deadlines = plain == null ? deadlines : Deadlines.EMPTY;
        this.collections = List.copyOf(collections);
    }

    private KeyHead(MvRegister.Entry plain) {
        this.plain = plain;
        this.string = Cell.EMPTY;
        this.deadlines = Deadlines.EMPTY;
        this.collections = List.of();
    }

    private static MvRegister.@Nullable Entry onlyAssignment(MvRegister register, Deadlines deadlines) {
        List<MvRegister.Entry> values = register.entries();
        List<Deadlines.Entry> times = deadlines.entries();
        boolean plain = values.size() == 1
                && times.size() == 1
                && times.getFirst().millis() == Deadlines.NONE
                && times.getFirst().dot().equals(values.getFirst().dot());
        return plain ? values.getFirst() : null;
    }

    /** The head of a plain string: that after a SET without a deadline that replaced everything. */
    public static KeyHead plain(MvRegister.Entry entry) {
        return new KeyHead(entry);
    }

    /** The assignment from which everything follows, if the head is a plain string; null otherwise. */
    public MvRegister.@Nullable Entry plain() {
        return plain;
    }

    /**
     * Whether a SET without a deadline, with this context, leaves nothing of it. Exact for a plain string and an empty head;
     * false for all others.
     */
    public boolean isReplacedAt(VersionVector context) {
        return plain == null ? isEmpty() : context.contains(plain.dot());
    }

    /** The string; empty if there is none. */
    public Cell string() {
        return plain == null ? string : new Cell(MvRegister.of(plain), Counter.NONE);
    }

    /** When the key expires. */
    public Deadlines deadlines() {
        return plain == null ? deadlines : new Deadlines(List.of(new Deadlines.Entry(plain.dot(), Deadlines.NONE)));
    }

    /** The collections that were written, in the order of their types. */
    public List<CollectionMeta> collections() {
        return collections;
    }

    /** Whether nothing is known of the key, so that it needs no row. */
    public boolean isEmpty() {
        return plain == null && string.isEmpty() && deadlines.isEmpty() && collections.isEmpty();
    }

    /** The value that readers of the string see; null if there is none. */
    public @Nullable Bytes value() {
        return plain == null ? string.value() : plain.value();
    }

    /** Whether the string or a collection has increments that count. */
    public boolean hasIncrements() {
        boolean found = !string.counter().isEmpty();
        for (CollectionMeta collection : collections) {
            found |= collection.counted() > 0;
        }
        return found;
    }

    /** The visible type, whether the key has expired or not; null if the key holds nothing. */
    public @Nullable DataType type() {
        if (plain != null) {
            return DataType.STRING;
        }
        if (collections.isEmpty()) {
            return string.isEmpty() ? null : DataType.STRING;
        }
        DataType shown = null;
        Cell.Stamp newest = null;
        if (!string.isEmpty()) {
            shown = DataType.STRING;
            newest = string.newest();
        }
        for (CollectionMeta collection : collections) {
            if (collection.count() > 0) {
                Cell.Stamp stamp =
                        Cell.Stamp.of(collection.latestWrites().entries().getFirst());
                if (newest == null || stamp.compareTo(newest) > 0) {
                    shown = collection.type();
                    newest = stamp;
                }
            }
        }
        return shown;
    }

    /** The effective deadline: {@link Deadlines#latest}. */
    public long deadlineMillis() {
        return plain == null ? deadlines.latest() : Deadlines.NONE;
    }

    /** Whether the key has passed its deadline. */
    public boolean isExpired(long nowMillis) {
        long latest = deadlineMillis();
        return latest != Deadlines.NONE && latest <= nowMillis;
    }

    /** Returns the key as readers see it at a time: {@link #EMPTY} once it has expired. */
    public KeyHead visibleAt(long nowMillis) {
        return isExpired(nowMillis) ? EMPTY : this;
    }

    /** Returns the metadata of a collection. */
    public CollectionMeta collection(DataType type) {
        for (CollectionMeta collection : collections) {
            if (collection.type() == type) {
                return collection;
            }
        }
        return CollectionMeta.none(type);
    }

    /** Returns this head with another string. */
    public KeyHead with(Cell other) {
        return new KeyHead(other, deadlines(), collections);
    }

    /** Returns this head with other deadlines. */
    public KeyHead with(Deadlines other) {
        return new KeyHead(string(), other, collections);
    }

    /** Returns this head with the collection of the same type replaced; without it if it was never written. */
    public KeyHead with(CollectionMeta other) {
        if (collections.isEmpty()
                || (collections.size() == 1 && collections.getFirst().type() == other.type())) {
            return new KeyHead(string(), deadlines(), other.latestWrites().isEmpty() ? List.of() : List.of(other));
        }
        List<CollectionMeta> changed = new ArrayList<>(collections.size() + 1);
        boolean placed = other.latestWrites().isEmpty();
        for (CollectionMeta collection : collections) {
            if (!placed && collection.type().compareTo(other.type()) >= 0) {
                changed.add(other);
                placed = true;
            }
            if (collection.type() != other.type()) {
                changed.add(collection);
            }
        }
        if (!placed) {
            changed.add(other);
        }
        return new KeyHead(string(), deadlines(), changed);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof KeyHead that
                        && Objects.equals(plain, that.plain)
                        && string.equals(that.string)
                        && deadlines.equals(that.deadlines)
                        && collections.equals(that.collections));
    }

    @Override
    public int hashCode() {
        return Objects.hash(plain, string, deadlines, collections);
    }

    @Override
    public String toString() {
        return "KeyHead[" + string() + ", " + deadlines() + ", " + collections + "]";
    }
}
