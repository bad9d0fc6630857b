package dev.hence.core.specification;

import dev.hence.core.clock.Dot;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Element;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.keyspace.State;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The readable content of a key, siblings included: the specification's content and a state's content are both
 * converted to this form and compared.
 *
 * @param type the visible type
 * @param string null if there is none
 * @param deadlines the candidates
 * @param deadlineMillis the effective deadline, if the key has candidates
 * @param elements of each collection that has some
 */
public record KeyContent(
        @Nullable DataType type,
        @Nullable Content string,
        Map<Dot, Long> deadlines,
        @Nullable Long deadlineMillis,
        Map<DataType, SortedMap<Bytes, Content>> elements) {

    /**
     * The content of a string or an element.
     *
     * @param candidates the value first, its siblings after it
     * @param counted whether there are increments on top
     * @param added the sum of the increments
     * @param value the value that readers see; null for the score of a sorted set's member
     * @param score the score that readers see; null for others
     */
    public record Content(
            List<Candidate> candidates,
            boolean counted,
            BigDecimal added,
            @Nullable Bytes value,
            @Nullable Double score) {}

    /** A candidate value, and the update that assigned it. */
    public record Candidate(Dot dot, long timestamp, Bytes value) {}

    /** A key as a state holds it. */
    public static KeyContent of(State state, Bytes key) {
        KeyHead head = state.head(key);
        Map<DataType, SortedMap<Bytes, Content>> elements = new EnumMap<>(DataType.class);
        for (DataType type : Set.of(DataType.HASH, DataType.SET, DataType.SORTED_SET, DataType.LIST)) {
            SortedMap<Bytes, Content> found = new TreeMap<>();
            state.walk(key, Element.kind(type), null, State.Direction.UP, (row, cell) -> {
                found.put(Element.of(type, row), content(type, cell));
                return true;
            });
            if (!found.isEmpty()) {
                elements.put(type, found);
            }
        }
        return new KeyContent(
                head.type(),
                head.string().isEmpty() ? null : content(DataType.STRING, head.string()),
                head.deadlines().entries().stream()
                        .collect(Collectors.toMap(each -> each.dot(), each -> each.millis())),
                head.deadlines().isEmpty() ? null : head.deadlines().latest(),
                elements);
    }

    private static Content content(DataType type, Cell cell) {
        boolean scored = type == DataType.SORTED_SET;
        return new Content(
                cell.register().entries().stream()
                        .map(entry -> new Candidate(entry.dot(), entry.timestamp(), entry.value()))
                        .toList(),
                !cell.counter().isEmpty(),
                cell.counter().sum().stripTrailingZeros(),
                scored ? null : cell.value(),
                scored ? cell.score() : null);
    }

    /** Whether more than one type is present, which only concurrent writes of different types can cause. */
    boolean isMixed() {
        return elements.size() + (string == null ? 0 : 1) > 1;
    }

    /** The content that clients see, without its candidates. */
    Map<String, Object> visible() {
        Map<String, Object> visible = new TreeMap<>();
        if (string != null) {
            visible.put("string", visible(string));
        }
        elements.forEach((type, each) ->
                each.forEach((element, content) -> visible.put(type + " " + element, visible(content))));
        visible.put("deadline", deadlineMillis == null ? Long.MAX_VALUE : deadlineMillis);
        return visible;
    }

    private static Object visible(Content content) {
        return content.score() != null ? content.score() + 0.0 : String.valueOf(content.value());
    }
}
