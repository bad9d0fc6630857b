package dev.hence.core.replica;

import dev.hence.core.clock.Dot;
import dev.hence.core.datatype.Bytes;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What string keys hold, as the specification declares it over a set of updates and their happens-before order; it
 * knows no order of delivery and shares no code with the register.
 *
 * <p>The candidates of a key are the SETs that are not in the past of another SET or DEL of the key. The value is the
 * candidate with the largest (timestamp, replica), the others are its siblings.
 */
final class StringMeaning {

    /** A value that a key may have, and the update that assigned it. */
    record Candidate(Dot dot, long timestamp, Bytes value) {}

    private StringMeaning() {}

    /** The candidates of each key that has any, the value first and its siblings newest first. */
    static Map<Bytes, List<Candidate>> of(Collection<Update> updates) {
        Map<Bytes, List<Candidate>> meaning = new HashMap<>();
        for (Update update : updates) {
            for (Operation operation : update.operations()) {
                if (operation
                                instanceof
                                Operation.SetString(
                                        Bytes key,
                                        Bytes value,
                                        long deadline,
                                        List<Operation.SeenIncrements> seen)
                        && updates.stream().noneMatch(later -> changes(later, key) && happenedBefore(update, later))) {
                    meaning.computeIfAbsent(key, k -> new ArrayList<>())
                            .add(new Candidate(update.dot(), update.timestamp(), value));
                }
            }
        }
        Comparator<Candidate> byTimestampAndReplica = (one, other) -> {
            int byTimestamp = Long.compare(one.timestamp(), other.timestamp());
            return byTimestamp != 0
                    ? byTimestamp
                    : one.dot().replica().compareTo(other.dot().replica());
        };
        meaning.values().forEach(candidates -> candidates.sort(byTimestampAndReplica.reversed()));
        return meaning;
    }

    /** Whether the second update was made by somebody who had the first. */
    static boolean happenedBefore(Update one, Update other) {
        return one.dot().counter() <= other.context().get(one.dot().replica());
    }

    private static boolean changes(Update update, Bytes key) {
        return update.operations().stream()
                .anyMatch(operation -> operation.key().equals(key));
    }
}
