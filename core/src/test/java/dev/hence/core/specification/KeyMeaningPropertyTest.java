package dev.hence.core.specification;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.property.Property;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The state of replicas is the declarative meaning of the updates they have applied, for each type and for a mix of
 * all.
 */
@Execution(ExecutionMode.CONCURRENT)
final class KeyMeaningPropertyTest {

    private static final int TRACES = 10_000;
    private static final int STEPS_MAX = 30;

    private static final List<Bytes> VALUES = texts("5", "-3", "2.5", "0.10", "99", "1e2", "word", "");
    private static final List<Bytes> SCORES = texts("1", "-1", "2.50", "0", "99", "inf", "-inf", "1e2");
    private static final List<Bytes> ELEMENTS = texts("a", "b", "c", "");
    private static final List<BigDecimal> DELTAS = Arrays.stream(
                    new String[] {"1", "-1", "0.5", "0.50", "-0.1", "10", "1", "9223372036854775807"})
            .map(BigDecimal::new)
            .toList();
    private static final long[] DEADLINES = {
        Deadlines.NONE, 1_800_000_000_001L, 1_800_000_000_002L, 1_700_000_000_000L, 1_900_000_000_000L
    };

    @Test
    void strings_anyTrace_holdWhatIsDeclared() {
        holds("strings", random -> random.nextInt(10) < 3 ? ofKey(random) : add(random, DataType.STRING, Bytes.EMPTY));
    }

    @Test
    void hashes_anyTrace_holdWhatIsDeclared() {
        holds("hashes", random -> random.nextInt(8) == 0 ? ofKey(random) : field(random));
    }

    @Test
    void sets_anyTrace_holdWhatIsDeclared() {
        holds("sets", random -> random.nextInt(8) == 0 ? ofKey(random) : member(random));
    }

    @Test
    void sortedSets_anyTrace_holdWhatIsDeclared() {
        holds("sorted sets", random -> random.nextInt(8) == 0 ? ofKey(random) : score(random));
    }

    @Test
    void lists_anyTrace_holdWhatIsDeclared() {
        holds("lists", random -> random.nextInt(8) == 0 ? ofKey(random) : item(random));
    }

    @Test
    void deadlines_anyTrace_holdWhatIsDeclared() {
        holds("deadlines", random -> random.nextBoolean() ? expire(random) : ofKey(random));
    }

    @Test
    void allTypes_anyTrace_holdWhatIsDeclared() {
        holds("all types", KeyMeaningPropertyTest::any);
    }

    private static void holds(String what, Function<RandomGenerator, Edit> edits) {
        new Property<ReplicaTraces.Step>(
                        what + " are what is declared",
                        Property.steps(ReplicaTraces::nodes, STEPS_MAX, random -> ReplicaTraces.step(random, edits)),
                        ReplicaTraces::check)
                .holdsFor(TRACES);
    }

    private static Edit any(RandomGenerator random) {
        return switch (random.nextInt(6)) {
            case 0 -> ofKey(random);
            case 1 -> add(random, DataType.STRING, Bytes.EMPTY);
            case 2 -> field(random);
            case 3 -> member(random);
            case 4 -> score(random);
            default -> item(random);
        };
    }

    private static Edit ofKey(RandomGenerator random) {
        return switch (random.nextInt(6)) {
            case 0, 1 -> new Edit.Delete(key(random));
            case 2 -> expire(random);
            case 3 -> new Edit.Set(key(random), pick(random, VALUES), Deadlines.KEEP);
            case 4 -> new Edit.Set(key(random), pick(random, VALUES), deadline(random));
            default -> new Edit.Set(key(random), pick(random, VALUES), Deadlines.NONE);
        };
    }

    private static Edit field(RandomGenerator random) {
        Bytes field = pick(random, ELEMENTS);
        return switch (random.nextInt(4)) {
            case 0 -> new Edit.Remove(key(random), DataType.HASH, field);
            case 1 -> new Edit.Assign(key(random), DataType.HASH, field, pick(random, VALUES));
            default -> add(random, DataType.HASH, field);
        };
    }

    private static Edit member(RandomGenerator random) {
        Bytes member = pick(random, ELEMENTS);
        return random.nextInt(5) < 2
                ? new Edit.Remove(key(random), DataType.SET, member)
                : new Edit.Assign(key(random), DataType.SET, member, Bytes.EMPTY);
    }

    private static Edit score(RandomGenerator random) {
        Bytes member = pick(random, ELEMENTS);
        return switch (random.nextInt(4)) {
            case 0 -> new Edit.Remove(key(random), DataType.SORTED_SET, member);
            case 1 -> new Edit.Assign(key(random), DataType.SORTED_SET, member, pick(random, SCORES));
            default -> add(random, DataType.SORTED_SET, member);
        };
    }

    private static Edit item(RandomGenerator random) {
        Bytes position = pick(random, ELEMENTS);
        return random.nextInt(5) < 2
                ? new Edit.Remove(key(random), DataType.LIST, position)
                : new Edit.Assign(key(random), DataType.LIST, position, pick(random, VALUES));
    }

    private static Edit add(RandomGenerator random, DataType type, Bytes element) {
        return new Edit.Add(key(random), type, element, pick(random, DELTAS));
    }

    private static Edit expire(RandomGenerator random) {
        return new Edit.Expire(key(random), deadline(random));
    }

    // Mostly one key, so that writes conflict on it.
    private static Bytes key(RandomGenerator random) {
        return ReplicaTraces.KEYS.get(random.nextInt(4) == 0 ? 1 : 0);
    }

    private static long deadline(RandomGenerator random) {
        return DEADLINES[random.nextInt(DEADLINES.length)];
    }

    private static <T> T pick(RandomGenerator random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static List<Bytes> texts(String... texts) {
        return Arrays.stream(texts).map(Bytes::utf8).toList();
    }
}
