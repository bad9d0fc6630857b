package dev.hence.simulator.scenario;

import dev.hence.simulator.trace.Command;
import dev.hence.simulator.trace.Type;
import dev.hence.simulator.world.Chance;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A workload on keys of any type: few elements under few keys, most of which have an intended type.
 */
final class TypedWorkload {
    private static final List<Type> TYPES = List.of(Type.values());
    private static final List<Command.End> ENDS = List.of(Command.End.values());
    private static final List<String> ELEMENTS = List.of("p", "q", "r", "s");
    private static final List<BigDecimal> DELTAS = List.of(
            BigDecimal.ONE,
            BigDecimal.ONE.negate(),
            new BigDecimal("10"),
            new BigDecimal("0.1"),
            new BigDecimal("-2.5"),
            new BigDecimal("1000000000000"));
    private static final List<String> NUMBERS = List.of("0", "7", "-3", "1.5", "100");

    private final Chance chance;
    private final double share;
    private final List<Type> meant;
    private final int elements;

    /** How often clients use the intended type of a key. */
    private final double faithful;

    /** How often the deadline of a key is set or removed. */
    private final double expiring;

    /**
     * @param share the share of all requests; 0 for none
     * @param fleeting whether keys get deadlines all the time
     */
    private TypedWorkload(Chance chance, double share, boolean fleeting) {
        this.chance = chance;
        this.share = share;
        this.meant = IntStream.range(0, (int) chance.between(1, 4))
                .mapToObj(key -> chance.oneOf(TYPES))
                .toList();
        this.elements = (int) chance.between(1, ELEMENTS.size());
        this.faithful = chance.happens(0.5) ? 0.98 : 0.7;
        double usually = chance.happens(0.4) ? 0 : chance.unit() * 0.2;
        this.expiring = fleeting ? 0.3 + chance.unit() * 0.4 : usually;
    }

    static TypedWorkload of(Chance chance) {
        return new TypedWorkload(chance, chance.happens(0.25) ? 0 : 0.2 + chance.unit() * 0.8, false);
    }

    /** A workload on keys that mostly expire. */
    static TypedWorkload fleeting(Chance chance) {
        return new TypedWorkload(chance, 0.5 + chance.unit() * 0.5, true);
    }

    static TypedWorkload none(Chance chance) {
        return new TypedWorkload(chance, 0, false);
    }

    /** Whether the next request is about such keys. */
    boolean isNext() {
        return share > 0 && chance.happens(share);
    }

    /** Whether it is about other keys as well. */
    boolean joins() {
        return chance.happens(0.1);
    }

    /** Keys to read. */
    List<String> reads() {
        int first = chance.below(meant.size());
        return IntStream.range(0, meant.size())
                .filter(key -> key == first || chance.happens(0.3))
                .mapToObj(TypedWorkload::name)
                .toList();
    }

    /** Commands of one request. */
    List<Command> writes(int id) {
        long count = chance.happens(0.3) ? chance.between(2, 5) : 1;
        List<Command> commands = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            int key = chance.below(meant.size());
            commands.add(command(name(key), chance.happens(faithful) ? meant.get(key) : chance.oneOf(TYPES), id));
        }
        return commands;
    }

    /** A command that is not a register operation. */
    private static String name(int key) {
        return "t:" + key;
    }

    private Command command(String key, Type type, int id) {
        if (chance.happens(expiring)) {
            return chance.happens(0.25) ? new Command.Persist(key) : new Command.Expire(key, lifetime());
        }
        if (chance.happens(0.08)) {
            return chance.happens(0.6) ? new Command.Delete(key) : set(key, id);
        }
        return switch (type) {
            case STRING -> chance.happens(0.3) ? set(key, id) : add(key, type, "");
            case HASH ->
                switch (chance.below(5)) {
                    case 0, 1 -> new Command.Put(key, type, element(), value(id));
                    case 2 -> new Command.Remove(key, type, element());
                    default -> add(key, type, element());
                };
            case SET ->
                chance.happens(0.55)
                        ? new Command.Put(key, type, element(), "")
                        : new Command.Remove(key, type, element());
            case SORTED_SET ->
                switch (chance.below(5)) {
                    case 0, 1 -> new Command.Put(key, type, element(), score());
                    case 2 -> new Command.Remove(key, type, element());
                    default -> add(key, type, element());
                };
            case LIST ->
                switch (chance.below(8)) {
                    case 0, 1, 2 -> new Command.Push(key, chance.oneOf(ENDS), pushed(id));
                    case 3 -> new Command.Insert(key, chance.below(4), chance.oneOf(ENDS), "v" + id);
                    case 4, 5 -> new Command.Pop(key, chance.oneOf(ENDS));
                    case 6 -> new Command.SetItem(key, chance.below(4), "v" + id);
                    default -> new Command.RemoveItem(key, chance.below(4));
                };
        };
    }

    private Command set(String key, int id) {
        long lifetime = Command.FOR_EVER;
        if (chance.happens(expiring * 2)) {
            lifetime = chance.happens(0.3) ? Command.KEEP : Math.max(1, lifetime());
        }
        return new Command.Set(key, value(id), lifetime);
    }

    private List<String> pushed(int id) {
        return chance.happens(0.6) ? List.of("v" + id) : List.of("v" + id + "a", "v" + id + "b", "v" + id + "c");
    }

    private Command add(String key, Type type, String element) {
        return new Command.Add(key, type, element, chance.oneOf(DELTAS));
    }

    private String element() {
        return ELEMENTS.get(chance.below(elements));
    }

    private String value(int id) {
        return chance.happens(0.25) ? "v" + id : chance.oneOf(NUMBERS);
    }

    private String score() {
        return chance.happens(0.05) ? "Infinity" : chance.oneOf(NUMBERS);
    }

    /** Far in the future, near, or already passed. */
    private long lifetime() {
        return switch (chance.below(8)) {
            case 0, 1 -> chance.between(3_600_000, 100L * 3_600_000);
            case 2 -> -chance.between(0, 1_000);
            default -> chance.between(1, 4_000);
        };
    }
}
