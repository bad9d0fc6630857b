package dev.hence.core.crdt;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a key except the elements of its collections: the string, the deadlines, and the metadata of each
 * collection. It is one row in storage, so a string key is exactly one row.
 *
 * <p>A key holds several types at once only if they were written concurrently. Then the type with the newest write is
 * visible, and a removal or a SET removes everything that it saw.
 *
 * @param string the string; empty if there is none
 * @param deadlines when the key expires
 * @param collections those that were written, in the order of their types
 */
public record KeyHead(Cell string, Deadlines deadlines, List<CollectionMeta> collections) {

    /** An absent key. */
    public static final KeyHead EMPTY = new KeyHead(Cell.EMPTY, Deadlines.EMPTY, List.of());

    /** Copies the list. */
    public KeyHead {
        collections = List.copyOf(collections);
    }

    /** Whether nothing is known of the key, so that it needs no row. */
    public boolean isEmpty() {
        return string.isEmpty() && deadlines.isEmpty() && collections.isEmpty();
    }

    /** The visible type, whether the key has expired or not; null if the key holds nothing. */
    public @Nullable DataType type() {
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

    /** Whether the key has passed its deadline. */
    public boolean isExpired(long nowMillis) {
        long latest = deadlines.latest();
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
        return new KeyHead(other, deadlines, collections);
    }

    /** Returns this head with other deadlines. */
    public KeyHead with(Deadlines other) {
        return new KeyHead(string, other, collections);
    }

    /** Returns this head with the collection of the same type replaced; without it if it was never written. */
    public KeyHead with(CollectionMeta other) {
        if (collections.isEmpty()
                || (collections.size() == 1 && collections.getFirst().type() == other.type())) {
            return new KeyHead(string, deadlines, other.latestWrites().isEmpty() ? List.of() : List.of(other));
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
        return new KeyHead(string, deadlines, changed);
    }
}
