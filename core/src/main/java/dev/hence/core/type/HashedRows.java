package dev.hence.core.type;

import dev.hence.core.datatype.Bytes;
import dev.hence.core.datatype.Cell;
import dev.hence.core.datatype.DataType;
import dev.hence.core.datatype.Element;
import dev.hence.core.keyspace.State.Direction;
import dev.hence.core.keyspace.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Fields and members as they stand: in the order of a hash of their names. That order says nothing of the names,
 * so a walk from a random place meets a random element, and a number is enough to go on with a scan.
 *
 * <p><b>Random picks.</b> The first element after a random hash is cheap to find but not fair: who stands behind
 * a wide gap is met more often. So a pick goes on from there by a random number of elements, less than {@link
 * #SPREAD}; that evens the gaps out, and where there are no more elements than that, it is exactly fair. Whoever
 * wants a good part of all elements is given a fair sample of one walk over them instead.
 *
 * <p><b>Scans.</b> The cursor is the hash to go on from. Rows of one hash are shown together, so an element that
 * is there from the beginning to the end of a scan is shown exactly once, whatever else comes and goes.
 *
 * <p>These functions see a key that has expired as it was; who calls them has looked whether it shows.
 */
final class HashedRows {

    /** How many elements a single pick chooses from. */
    static final int SPREAD = 32;

    /** From which part of all elements on, as its inverse, a sample is cheaper to take from a walk over all. */
    private static final int PART = 3;

    private HashedRows() {}

    /** An element and what it holds. */
    record Entry(Bytes element, Cell cell) {}

    /** Is shown elements. */
    @FunctionalInterface
    interface Visitor {
        /** Whether to go on. */
        boolean visit(Bytes element, Cell cell);
    }

    /** Shows all elements until the visitor has enough; whether it saw them all. */
    static boolean walk(View view, Bytes key, DataType type, Visitor visitor) {
        return view.walk(
                key, Element.kind(type), null, Direction.UP, (row, cell) -> visitor.visit(Element.of(type, row), cell));
    }

    /**
     * Shows some more elements.
     *
     * @param cursor 0 to begin, then what the last call returned
     * @param countMin how many to show, at least 1; a few more if their hashes are equal, fewer only at the end
     * @return the cursor to go on with; 0 if that was all
     */
    static long scan(
            View view, Bytes key, DataType type, long cursor, long countMin, BiConsumer<Bytes, Cell> consumer) {
        if (cursor < 0 || cursor >= Element.HASHES) {
            return 0;
        }
        Scan scan = new Scan(type, countMin, consumer);
        boolean finished = view.walk(key, Element.kind(type), Element.fromHash(cursor), Direction.UP, scan::visit);
        return finished ? 0 : scan.next;
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
     * Different elements at random, all of them if there are no more.
     *
     * @param size the number of elements
     * @param random gives 64 random bits at a time
     */
    static List<Entry> distinct(View view, Bytes key, DataType type, long size, long count, LongSupplier random) {
        if (count > size / PART) {
            return sample(view, key, type, size, Math.min(count, size), random);
        }
        Set<Bytes> taken = new HashSet<>();
        List<Entry> entries = new ArrayList<>();
        while (entries.size() < count) {
            Entry entry = pick(view, key, type, size, taken, random);
            taken.add(entry.element());
            entries.add(entry);
        }
        return entries;
    }

    /** Elements at random, each of them any one; none if there are none. */
    static List<Entry> repeated(View view, Bytes key, DataType type, long size, long count, LongSupplier random) {
        List<Entry> entries = new ArrayList<>();
        if (size == 0) {
            return entries;
        }
        boolean walked = count > size / PART;
        List<Entry> all = walked ? sample(view, key, type, size, size, random) : List.of();
        for (long i = 0; i < count; i++) {
            entries.add(
                    walked ? all.get((int) below(all.size(), random)) : pick(view, key, type, size, Set.of(), random));
        }
        return entries;
    }

    // Knuth, The Art of Computer Programming, volume 2, 3.4.2, Algorithm S.
    private static List<Entry> sample(View view, Bytes key, DataType type, long size, long count, LongSupplier random) {
        List<Entry> chosen = new ArrayList<>();
        if (count <= 0) {
            return chosen;
        }
        long[] seen = {0};
        walk(view, key, type, (element, cell) -> {
            long ahead = size - seen[0]++;
            long wanted = count - chosen.size();
            if (wanted == ahead || below(ahead, random) < wanted) {
                chosen.add(new Entry(element, cell));
            }
            return chosen.size() < count;
        });
        return chosen;
    }

    private static Entry pick(View view, Bytes key, DataType type, long size, Set<Bytes> taken, LongSupplier random) {
        Pick pick = new Pick(type, taken, below(Math.min(size - taken.size(), SPREAD), random));
        Bytes from = Element.fromHash(random.getAsLong());
        // Once round is enough: from the start of the rows on there are more to choose from than are passed over.
        if (view.walk(key, Element.kind(type), from, Direction.UP, pick::visit)) {
            view.walk(key, Element.kind(type), null, Direction.UP, pick::visit);
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

        /** @param passed how many to pass over of those that are not taken */
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
