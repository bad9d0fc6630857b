package dev.hence.core.commands;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Element;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.keyspace.State;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The fields or members of one key, in the order of a hash of their names. That order is independent of the names, so a
 * walk from a random place meets a random element, and a number is enough to continue a scan.
 *
 * <p><b>Random picks.</b> The first element after a random hash is cheap to find but not fair: an element behind a wide
 * gap is found more often. So a pick skips a random number of elements from there, less than {@link #SPREAD}; that
 * evens out the gaps, and where there are no more elements than that, it is exactly fair. A caller that wants a large
 * part of all elements gets a fair sample from one walk over them instead.
 *
 * <p><b>Scans.</b> The cursor is the hash to continue from. Rows of one hash are returned together, so an element that
 * is present from the beginning to the end of a scan is returned exactly once, whatever else is added or removed.
 *
 * <p>An absent or expired key has no rows. A transaction that writes must read here first: after a write to the key
 * this no longer represents its rows.
 */
final class HashedRows {

    /** The number of elements that a single pick chooses from. */
    static final int SPREAD = 32;

    /** The inverse of the share of all elements from which a sample is cheaper to take in one walk over all. */
    private static final int PART = 3;

    private final View view;
    private final Bytes key;
    private final DataType type;
    private final long size;

    /** An element and its cell. */
    record Entry(Bytes element, Cell cell) {}

    /** Receives elements. */
    @FunctionalInterface
    interface Visitor {
        /** Returns whether to continue. */
        boolean visit(Bytes element, Cell cell);
    }

    private HashedRows(View view, Bytes key, DataType type, KeyHead shown) {
        this.view = view;
        this.key = key;
        this.type = type;
        this.size = shown.collection(type).count();
    }

    /**
     * Returns the rows that a reader finds under a key.
     *
     * @throws WrongTypeException if it is of another type
     */
    static HashedRows of(View view, Bytes key, DataType type) {
        return new HashedRows(view, key, type, Keys.forRead(view, key, type));
    }

    /**
     * Returns the rows that a writer finds under a key prepared for it: see {@link Keys#forWrite}.
     *
     * @throws WrongTypeException if it is of another type
     */
    static HashedRows prepared(Transaction transaction, Bytes key, DataType type) {
        return new HashedRows(transaction, key, type, Keys.forWrite(transaction, key, type));
    }

    /** The number of elements. */
    long size() {
        return size;
    }

    /** Returns the cell of an element; {@link Cell#EMPTY} if it is absent. */
    Cell cell(Bytes element) {
        return size == 0 ? Cell.EMPTY : view.element(key, type, element);
    }

    /** Whether an element is present. */
    boolean has(Bytes element) {
        return !cell(element).isEmpty();
    }

    /** Visits all elements until the visitor stops; returns whether it saw them all. */
    boolean walk(Visitor visitor) {
        return size == 0 || walk(null, (row, cell) -> visitor.visit(Element.of(type, row), cell));
    }

    private boolean walk(@Nullable Bytes from, State.Visitor visitor) {
        return view.walk(key, Element.kind(type), from, State.Direction.UP, visitor);
    }

    /** Visits all elements. */
    void forEach(BiConsumer<Bytes, Cell> consumer) {
        walk((element, cell) -> {
            consumer.accept(element, cell);
            return true;
        });
    }

    /**
     * Continues a scan.
     *
     * @param cursor 0 to begin, then what the last call returned
     * @param countMin the minimum number of elements to return, at least 1; a few more if their hashes are equal, fewer
     *     only at the end
     * @return the cursor to continue with; 0 at the end
     */
    long scan(long cursor, long countMin, BiConsumer<Bytes, Cell> consumer) {
        if (size == 0 || cursor < 0 || cursor >= Element.HASHES) {
            return 0;
        }
        Scan scan = new Scan(type, countMin, consumer);
        return walk(Element.fromHash(cursor), scan::visit) ? 0 : scan.next;
    }

    private static final class Scan {
        private final DataType type;
        private final BiConsumer<Bytes, Cell> consumer;
        private long missing;
        private long last = -1;
        private long next;

        Scan(DataType type, long countMin, BiConsumer<Bytes, Cell> consumer) {
            this.type = type;
            this.missing = countMin;
            this.consumer = consumer;
        }

        boolean visit(Bytes row, Cell cell) {
            long hash = Element.hashOf(row);
            if (missing <= 0 && hash != last) {
                next = hash;
                return false;
            }
            missing--;
            last = hash;
            consumer.accept(Element.of(type, row), cell);
            return true;
        }
    }

    /**
     * Visits different random elements; all of them if there are no more.
     *
     * @param random gives 64 random bits at a time
     */
    void distinct(long count, LongSupplier random, Consumer<Entry> consumer) {
        if (count > size / PART) {
            sample(Math.min(count, size), random, consumer);
            return;
        }
        Set<Bytes> taken = new HashSet<>();
        while (taken.size() < count) {
            Entry entry = pick(taken, random);
            taken.add(entry.element());
            consumer.accept(entry);
        }
    }

    /**
     * Visits random elements, chosen independently; none if there are none.
     *
     * @param random gives 64 random bits at a time
     */
    void repeated(long count, LongSupplier random, Consumer<Entry> consumer) {
        if (size == 0) {
            return;
        }
        List<Entry> few = new ArrayList<>();
        if (size <= SPREAD) {
            forEach((element, cell) -> few.add(new Entry(element, cell)));
        }
        for (long i = 0; i < count; i++) {
            consumer.accept(few.isEmpty() ? pick(Set.of(), random) : few.get((int) below(few.size(), random)));
        }
    }

    // Knuth, The Art of Computer Programming, volume 2, 3.4.2, Algorithm S.
    private void sample(long count, LongSupplier random, Consumer<Entry> consumer) {
        if (count <= 0) {
            return;
        }
        long[] seen = {0};
        long[] chosen = {0};
        walk((element, cell) -> {
            long ahead = size - seen[0]++;
            long wanted = count - chosen[0];
            if (wanted == ahead || below(ahead, random) < wanted) {
                consumer.accept(new Entry(element, cell));
                chosen[0]++;
            }
            return chosen[0] < count;
        });
    }

    private Entry pick(Set<Bytes> taken, LongSupplier random) {
        Pick pick = new Pick(type, taken, below(Math.min(size - taken.size(), SPREAD), random));
        // One round is enough: from the start of the rows there are more elements than are skipped.
        if (walk(Element.fromHash(random.getAsLong()), pick::visit)) {
            walk(null, pick::visit);
        }
        if (pick.found == null) {
            throw new AssertionError("key \"" + key + "\": fewer elements than counted (expected: " + size + ")");
        }
        return pick.found;
    }

    private static final class Pick {
        private final DataType type;
        private final Set<Bytes> taken;
        private long passed;
        private @Nullable Entry found;

        /** @param passed how many to skip of those that are not taken */
        Pick(DataType type, Set<Bytes> taken, long passed) {
            this.type = type;
            this.taken = taken;
            this.passed = passed;
        }

        boolean visit(Bytes row, Cell cell) {
            Bytes element = Element.of(type, row);
            if (!taken.contains(element) && passed-- == 0) {
                found = new Entry(element, cell);
                return false;
            }
            return true;
        }
    }

    private static long below(long bound, LongSupplier random) {
        return Long.remainderUnsigned(random.getAsLong(), bound);
    }
}
