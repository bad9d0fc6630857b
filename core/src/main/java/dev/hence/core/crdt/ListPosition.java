package dev.hence.core.crdt;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The position of a list element: a path in a tree, which is also the name of the element. Positions are dense, so
 * there is one between any two; they never change; and no two updates create the same one, because each contains the
 * update's dot.
 *
 * <p><b>Order.</b> Paths compare step by step, and a path precedes its extensions. Steps compare by place, then by dot,
 * then by index. The elements that one update inserts together differ only in the index of their last step, so an
 * element that another update inserts at the same place is before or after all of them.
 *
 * <p><b>Between two neighbours</b> the shortest possible path is chosen: at the first step in which they differ, if
 * there is room, otherwise one step below the left one. Pushes at the ends always have paths of one step. A path grows
 * by a step only where elements are inserted repeatedly between two close neighbours.
 *
 * <p><b>Bytes.</b> {@link #bytes} is the name of the element's row. Its order as unsigned bytes is the order of
 * positions: numbers are encoded so that their bytes compare in numeric order, names end in a zero, and no step's bytes
 * are a prefix of another's. A position of one step is about 20 bytes.
 *
 * <p>Weiss, Urso, Molli: Logoot (ICDCS 2009), for identifiers that are paths with a site at each step. Elements
 * inserted together share a path here, because single identifiers of concurrent insertions would interleave (Kleppmann,
 * Gomes, Mulligan, Beresford: Interleaving anomalies in collaborative text editors, PaPoC 2019).
 *
 * @param steps 1 to {@link #STEPS_MAX}
 */
public record ListPosition(List<Step> steps) implements Comparable<ListPosition> {

    /** The longest path. */
    public static final int STEPS_MAX = 64;

    /**
     * One step of a path.
     *
     * @param place any number; larger for elements inserted further right
     * @param dot the update that made the step
     * @param index distinguishes the elements that the update inserted together, 0 for the leftmost
     */
    public record Step(long place, Dot dot, int index) implements Comparable<Step> {
        @Override
        public int compareTo(Step other) {
            int byPlace = Long.compare(place, other.place);
            if (byPlace != 0) {
                return byPlace;
            }
            int byDot = dot.compareTo(other.dot);
            return byDot != 0 ? byDot : Integer.compare(index, other.index);
        }
    }

    /** Thrown when there is no room left between two neighbours: the path would be too long. Nothing was changed. */
    public static final class NoRoomException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoRoomException() {
            super("list position: more than " + STEPS_MAX
                    + " steps (expected: fewer insertions between the same neighbours)");
        }
    }

    /** @throws IllegalArgumentException if there are too few or too many steps */
    public ListPosition {
        steps = List.copyOf(steps);
        if (steps.isEmpty() || steps.size() > STEPS_MAX) {
            throw new IllegalArgumentException(
                    "list position: " + steps.size() + " steps (expected: 1 to " + STEPS_MAX + ")");
        }
    }

    /**
     * Returns new positions between two neighbours, from left to right.
     *
     * @param left the position before them; null for the beginning of the list
     * @param right the position after them, larger than {@code left}; null for the end of the list
     * @param dot the update that inserts them
     * @param count at least 1
     * @throws NoRoomException if their paths would be too long
     */
    public static List<ListPosition> between(
            @Nullable ListPosition left, @Nullable ListPosition right, Dot dot, int count) {
        List<Step> above = new ArrayList<>();
        long place = placeBetween(
                left == null ? List.of() : left.steps, right == null ? List.of() : right.steps, dot, count, above);
        if (above.size() == STEPS_MAX) {
            throw new NoRoomException();
        }
        return IntStream.range(0, count)
                .mapToObj(index -> {
                    List<Step> path = new ArrayList<>(above);
                    path.add(new Step(place, dot, index));
                    return new ListPosition(path);
                })
                .toList();
    }

    /**
     * Finds the place for the last step, and adds the steps above it to a list.
     *
     * <p>Beyond the steps that both paths share, the left one may end, but the right one does not, being larger; no
     * path at all stands for the beginning and for the end of the list.
     */
    private static long placeBetween(List<Step> left, List<Step> right, Dot dot, int count, List<Step> above) {
        int depth = 0;
        while (depth < left.size() && depth < right.size() && left.get(depth).equals(right.get(depth))) {
            above.add(left.get(depth++));
        }
        boolean leftEnds = depth == left.size();
        boolean rightEnds = depth == right.size();
        if (leftEnds) {
            return rightEnds ? 0 : before(right.get(depth));
        }
        Step low = left.get(depth);
        if (rightEnds) {
            return after(low);
        }
        Step high = right.get(depth);
        if (low.place() < high.place()) {
            if (new Step(low.place() + 1, dot, count - 1).compareTo(high) < 0) {
                return low.place() + 1;
            }
            // It precedes the other, because its place is smaller.
            if (new Step(high.place() - 1, dot, 0).compareTo(low) > 0) {
                return high.place() - 1;
            }
        }
        // Every extension of the left path precedes the right path.
        above.add(low);
        return depth + 1 < left.size() ? after(left.get(depth + 1)) : 0;
    }

    private static long before(Step step) {
        if (step.place() == Long.MIN_VALUE) {
            throw new NoRoomException();
        }
        return step.place() - 1;
    }

    private static long after(Step step) {
        if (step.place() == Long.MAX_VALUE) {
            throw new NoRoomException();
        }
        return step.place() + 1;
    }

    @Override
    public int compareTo(ListPosition other) {
        int shared = Math.min(steps.size(), other.steps.size());
        for (int depth = 0; depth < shared; depth++) {
            int byStep = steps.get(depth).compareTo(other.steps.get(depth));
            if (byStep != 0) {
                return byStep;
            }
        }
        return Integer.compare(steps.size(), other.steps.size());
    }

    /** The name of the element's row. */
    public Bytes bytes() {
        int length = 0;
        for (Step step : steps) {
            length +=
                    SortableNumber.LENGTH_MAX * 3 + step.dot().replica().name().length() + 1 + Long.BYTES;
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        for (Step step : steps) {
            ReplicaId replica = step.dot().replica();
            SortableNumber.put(buffer, step.place());
            buffer.put(replica.name().getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
            buffer.putLong(replica.incarnation());
            SortableNumber.put(buffer, step.dot().counter());
            SortableNumber.put(buffer, step.index());
        }
        byte[] bytes = new byte[buffer.position()];
        buffer.flip().get(bytes);
        return Bytes.wrap(bytes);
    }

    /**
     * Parses what {@link #bytes} writes.
     *
     * @throws IllegalArgumentException if the bytes are not a position
     */
    public static ListPosition of(Bytes bytes) {
        ByteBuffer buffer = bytes.asReadOnlyBuffer();
        List<Step> steps = new ArrayList<>();
        try {
            while (buffer.hasRemaining()) {
                long place = SortableNumber.get(buffer);
                ReplicaId replica = new ReplicaId(name(buffer), buffer.getLong());
                Dot dot = new Dot(replica, SortableNumber.get(buffer));
                steps.add(new Step(place, dot, Math.toIntExact(SortableNumber.get(buffer))));
            }
            return new ListPosition(steps);
        } catch (BufferUnderflowException | ArithmeticException malformed) {
            throw new IllegalArgumentException("list position: malformed", malformed);
        }
    }

    private static String name(ByteBuffer buffer) {
        StringBuilder name = new StringBuilder();
        for (byte next = buffer.get(); next != 0; next = buffer.get()) {
            name.append((char) (next & 0xFF));
        }
        return name.toString();
    }
}
