package dev.hence.simulator.trace;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The whole content of a key at a node, visible or not.
 *
 * @param shown the type that clients see; null if the key is absent or has expired
 * @param deadlineMillis when the key expires by wall clocks; {@link #NEVER} if it does not
 * @param elements its content, for each type with any content. A string is one element without a name
 */
public record Contents(@Nullable Type shown, long deadlineMillis, Map<Type, Elements> elements) {
    /** The deadline of a key that does not expire. */
    public static final long NEVER = Long.MAX_VALUE;

    /** The deadline of an assignment that keeps the present one. */
    public static final long KEEP = -1;

    /** The contents of an absent key. */
    public static final Contents NOTHING = new Contents(null, NEVER, Map.of());

    /**
     * The content of a key of one type.
     *
     * @param count the number of elements by the node's metadata
     * @param ends the names of the first and the last by the node's metadata; none for unordered types
     * @param inOrder all elements: those of a list in list order, those of a sorted set by score and name, others by
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
     * @param value the value that clients see; empty for a member of a set
     * @param candidates the concurrently assigned values, the winner first
     * @param increments the sum of the increments on top, in plain decimal; empty if there are none
     */
    public record Element(String name, String value, List<Candidate> candidates, String increments) {
        /** Copies the list. */
        public Element {
            candidates = List.copyOf(candidates);
        }
    }

    /** The contents of a key to which only strings were assigned. */
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
