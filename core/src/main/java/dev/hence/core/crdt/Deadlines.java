package dev.hence.core.crdt;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The deadlines of a key: the candidates are those that no other deadline or removal had seen, and the latest candidate
 * decides when the key expires. So of concurrent deadlines the one that keeps the key longest wins.
 *
 * <p>Deadlines are points of wall-clock time. Each node compares them with its own clock, so nodes with different
 * clocks see a key expire at times that differ by as much; they agree on everything else.
 *
 * @param entries at most one for each replica, in the order of their dots
 */
public record Deadlines(List<Entry> entries) {

    /** The deadline of a key that does not expire: later than every other deadline. */
    public static final long NONE = Long.MAX_VALUE;

    /** The deadline of an assignment that leaves the key's deadline unchanged. */
    public static final long KEEP = -1;

    /** The latest deadline that is distinct from {@link #NONE}. */
    public static final long MILLIS_MAX = Long.MAX_VALUE - 1;

    /** No candidates: the key does not expire. */
    public static final Deadlines EMPTY = new Deadlines(List.of());

    /**
     * One candidate.
     *
     * @param dot the update that set it
     * @param millis milliseconds since 1970, or {@link #NONE}
     */
    public record Entry(Dot dot, long millis) {}

    /** Keeps the entries in their order. */
    public Deadlines {
        entries = entries.size() < 2
                ? List.copyOf(entries)
                : entries.stream().sorted(Comparator.comparing(Entry::dot)).toList();
    }

    /** Whether there are no candidates. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** The effect of a deadline: it replaces those that its context had seen. */
    public Deadlines set(Entry entry, VersionVector context) {
        if (areAllIn(context)) {
            return new Deadlines(List.of(entry));
        }
        List<Entry> candidates = new ArrayList<>(remove(context).entries);
        candidates.removeIf(each -> each.dot().equals(entry.dot()));
        candidates.add(entry);
        return new Deadlines(candidates);
    }

    /** The effect of a removal: it removes those that its context had seen. */
    public Deadlines remove(VersionVector context) {
        return areAllIn(context)
                ? EMPTY
                : new Deadlines(entries.stream()
                        .filter(entry -> !context.contains(entry.dot()))
                        .toList());
    }

    // Lists are visited by index where every write passes: their iterators were a tenth of all objects.
    private boolean areAllIn(VersionVector context) {
        for (int i = 0; i < entries.size(); i++) {
            if (!context.contains(entries.get(i).dot())) {
                return false;
            }
        }
        return true;
    }

    /** The effective deadline, in milliseconds since 1970; {@link #NONE} if the key does not expire. */
    public long latest() {
        long latest = entries.isEmpty() ? NONE : Long.MIN_VALUE;
        for (int i = 0; i < entries.size(); i++) {
            latest = Math.max(latest, entries.get(i).millis());
        }
        return latest;
    }
}
