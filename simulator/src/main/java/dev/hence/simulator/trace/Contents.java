package dev.hence.simulator.trace;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a key holds at a node, whether it shows or not.
 *
 * @param shown the type that clients see; null if they see nothing, because nothing is there or it has expired
 * @param deadlineMillis when the key expires by wall clocks; {@link #NEVER} if it does not
 * @param elements what it holds, for each type of which it holds anything. A string is one element without a name
 */
public record Contents(@Nullable Type shown, long deadlineMillis, Map<Type, Elements> elements) {
    /** The deadline of what does not expire. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Says of an assignment that the deadline stays as it is. */
    public static final long KEEP = -1;

    /** Those of a key that is absent. */
    public static final Contents NOTHING = new Contents(null, NEVER, Map.of());

    /**
     * What a key holds of one type.
     *
     * @param count how many there are, as far as the node knows without counting
     * @param ends the names of the first and the last, as far as the node knows without looking; none for types that
     *     have no order
     * @param inOrder all of them: those of a list as they stand, those of a sorted set by score and name, others by
     *     name
     */
    public record Elements(long count, List<String> ends, List<Element> inOrder) {
        /** Copies the lists. */
        public Elements {
            ends = List.copyOf(ends);
            inOrder = List.copyOf(inOrder);
        }
    }

    /**
     * One element.
     *
     * @param name a field, a member, or a position in a list; empty for a string
     * @param value what clients see of it; empty for a member of a set
     * @param candidates what was assigned concurrently, the winner first
     * @param increments what was added on top, in plain decimal; empty if nothing was
     */
    public record Element(String name, String value, List<Candidate> candidates, String increments) {
        /** Copies the list. */
        public Element {
            candidates = List.copyOf(candidates);
        }
    }

    /** Those of a key to which strings were assigned and nothing else was done. */
    public static Contents string(List<Candidate> candidates) {
        return candidates.isEmpty()
                ? NOTHING
                : new Contents(
                        Type.STRING,
                        NEVER,
                        Map.of(
                                Type.STRING,
                                new Elements(
                                        1,
                                        List.of(),
                                        List.of(new Element(
                                                "", candidates.getFirst().value(), candidates, "")))));
    }

    /** The elements of a type, in their order. */
    public List<Element> of(Type type) {
        Elements found = elements.get(type);
        return found == null ? List.of() : found.inOrder();
    }

    /** The elements that clients see. */
    public List<Element> shownElements() {
        return shown == null ? List.of() : of(shown);
    }
}
