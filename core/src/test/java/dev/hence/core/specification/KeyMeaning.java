package dev.hence.core.specification;

import static java.util.stream.Collectors.toMap;

import dev.hence.core.clock.Dot;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.specification.KeyContent.Candidate;
import dev.hence.core.specification.KeyContent.Content;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The declarative specification of a key's content, over a set of updates and their happens-before order. It has no
 * delivery order, no stored dots and no rows, and it shares no code with what it checks.
 *
 * <ul>
 *   <li>A string, and each element, has candidates: the assignments not in the past of another assignment or removal of
 *       it. Removals of an element are those of it, and SET and DEL of its key. The newest is visible, by (timestamp,
 *       replica).
 *   <li>Increments not in the past of such an assignment or removal count on top, if the visible value is a number; an
 *       absent value counts as 0.
 *   <li>An element is present if it has a candidate or increments that count.
 *   <li>Deadlines are those of EXPIRE and of SET, unless SET keeps the present one, that are not in the past of another
 *       of these or a DEL; the latest is effective.
 *   <li>The visible type is that of the newest write: for the string the newest of its candidates and increments; for a
 *       collection that has elements the newest assignment or increment in it that is not in the past of a SET or DEL
 *       of the key. If one update made both, the first in the order of types is visible.
 * </ul>
 */
public final class KeyMeaning {

    private static final long NO_DEADLINE = Long.MAX_VALUE;
    private static final long KEEP_DEADLINE = -1;

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?");

    private static final Comparator<Update> BY_AGE = Comparator.comparingLong(Update::timestamp)
            .thenComparing(update -> update.dot().replica());

    private record Event(Update update, Operation operation) {}

    private final List<Event> events = new ArrayList<>();

    private KeyMeaning(Collection<Update> updates, Bytes key) {
        for (Update update : updates) {
            for (Operation operation : update.operations()) {
                if (!(operation instanceof Operation.Publish) && operation.key().equals(key)) {
                    events.add(new Event(update, operation));
                }
            }
        }
    }

    /** Returns the content of a key after a set of updates. */
    public static KeyContent of(Collection<Update> updates, Bytes key) {
        return new KeyMeaning(updates, key).content();
    }

    /** Whether the origin of the second update had seen the first. */
    public static boolean happenedBefore(Update one, Update other) {
        return one.dot().counter() <= other.context().get(one.dot().replica());
    }

    private KeyContent content() {
        Map<DataType, Update> newest = new EnumMap<>(DataType.class);
        Predicate<Operation> string = KeyMeaning::isOfString;
        Content shown = content(DataType.STRING, string, KeyMeaning::replacesKey);
        if (shown != null) {
            newest.put(DataType.STRING, newest(unseen(string, KeyMeaning::replacesKey)));
        }
        Map<DataType, SortedMap<Bytes, Content>> collections = new EnumMap<>(DataType.class);
        for (Event event : events) {
            Operation.Place place = place(event.operation());
            if (place != null && place.type() != DataType.STRING) {
                Content content = element(place);
                if (content != null) {
                    collections
                            .computeIfAbsent(place.type(), any -> new TreeMap<>())
                            .put(place.element(), content);
                }
            }
        }
        collections.forEach((type, elements) ->
                newest.put(type, newest(unseen(operation -> writesTo(operation, type), KeyMeaning::replacesKey))));
        Map<Dot, Long> deadlines = deadlines();
        return new KeyContent(
                newest.entrySet().stream()
                        .reduce((one, other) -> BY_AGE.compare(other.getValue(), one.getValue()) > 0 ? other : one)
                        .map(Map.Entry::getKey)
                        .orElse(null),
                shown,
                deadlines,
                deadlines.values().stream().max(Comparator.naturalOrder()).orElse(null),
                collections);
    }

    private @Nullable Content element(Operation.Place place) {
        return content(
                place.type(),
                operation -> writesTo(operation, place.type()) && place.equals(place(operation)),
                operation -> replacesKey(operation)
                        || ((operation instanceof Operation.Assign || operation instanceof Operation.Remove)
                                && place.equals(place(operation))));
    }

    /** The operations of some kind that are not in the past of one of another kind. */
    private List<Event> unseen(Predicate<Operation> what, Predicate<Operation> by) {
        List<Event> unseen = new ArrayList<>();
        for (Event event : events) {
            if (what.test(event.operation()) && !isSeen(event, by)) {
                unseen.add(event);
            }
        }
        return unseen;
    }

    private boolean isSeen(Event event, Predicate<Operation> by) {
        for (Event later : events) {
            if (by.test(later.operation()) && happenedBefore(event.update(), later.update())) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Content content(DataType type, Predicate<Operation> writes, Predicate<Operation> replaces) {
        List<Candidate> candidates = new ArrayList<>();
        List<BigDecimal> increments = new ArrayList<>();
        List<Event> left = new ArrayList<>(unseen(writes, replaces));
        left.sort(Comparator.comparing(Event::update, BY_AGE).reversed());
        for (Event event : left) {
            Update update = event.update();
            switch (event.operation()) {
                case Operation.SetString set ->
                    candidates.add(new Candidate(update.dot(), update.timestamp(), set.value()));
                case Operation.Assign assign ->
                    candidates.add(new Candidate(update.dot(), update.timestamp(), assign.value()));
                case Operation.Increment increment -> increments.add(increment.delta());
                default -> throw new AssertionError(event);
            }
        }
        if (candidates.isEmpty() && increments.isEmpty()) {
            return null;
        }
        BigDecimal added =
                increments.stream().reduce(BigDecimal.ZERO, BigDecimal::add).stripTrailingZeros();
        String assigned =
                candidates.isEmpty() ? "0" : candidates.getFirst().value().toString();
        return new Content(
                candidates,
                !increments.isEmpty(),
                added,
                type == DataType.SORTED_SET ? null : Bytes.utf8(increments.isEmpty() ? assigned : sum(assigned, added)),
                type == DataType.SORTED_SET ? score(assigned, added) : null);
    }

    private static String sum(String assigned, BigDecimal added) {
        if (!isNumber(assigned)) {
            return assigned;
        }
        BigDecimal sum = new BigDecimal(assigned).add(added);
        BigInteger whole = sum.toBigInteger();
        if (sum.compareTo(new BigDecimal(whole)) == 0) {
            return whole.min(BigInteger.valueOf(Long.MAX_VALUE))
                    .max(BigInteger.valueOf(Long.MIN_VALUE))
                    .toString();
        }
        return sum.stripTrailingZeros().toPlainString();
    }

    private static double score(String assigned, BigDecimal added) {
        return switch (assigned) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> new BigDecimal(assigned).add(added).doubleValue();
        };
    }

    private static boolean isNumber(String text) {
        return NUMBER.matcher(text).matches();
    }

    private Map<Dot, Long> deadlines() {
        return unseen(
                        KeyMeaning::saysWhenToExpire,
                        operation -> saysWhenToExpire(operation) || operation instanceof Operation.DeleteKey)
                .stream()
                .collect(toMap(event -> event.update().dot(), event -> switch (event.operation()) {
                    case Operation.SetString set -> set.deadlineMillis();
                    case Operation.Expire expire -> expire.deadlineMillis();
                    default -> NO_DEADLINE;
                }));
    }

    private static Update newest(List<Event> events) {
        return events.stream().map(Event::update).max(BY_AGE).orElseThrow();
    }

    private static boolean replacesKey(Operation operation) {
        return operation instanceof Operation.SetString || operation instanceof Operation.DeleteKey;
    }

    private static boolean isOfString(Operation operation) {
        return operation instanceof Operation.SetString
                || (operation instanceof Operation.Increment increment && increment.type() == DataType.STRING);
    }

    private static boolean writesTo(Operation operation, DataType type) {
        return switch (operation) {
            case Operation.Assign assign -> assign.type() == type;
            case Operation.Increment increment -> increment.type() == type;
            default -> false;
        };
    }

    private static boolean saysWhenToExpire(Operation operation) {
        return operation instanceof Operation.Expire
                || (operation instanceof Operation.SetString set && set.deadlineMillis() != KEEP_DEADLINE);
    }

    private static Operation.@Nullable Place place(Operation operation) {
        return switch (operation) {
            case Operation.Assign assign -> new Operation.Place(assign.key(), assign.type(), assign.element());
            case Operation.Remove remove -> new Operation.Place(remove.key(), remove.type(), remove.element());
            case Operation.Increment increment ->
                new Operation.Place(increment.key(), increment.type(), increment.element());
            default -> null;
        };
    }
}
