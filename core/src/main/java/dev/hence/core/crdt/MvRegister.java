package dev.hence.core.crdt;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A multi-value register: the candidates are the assignments that no other assignment or removal had
 * seen; the one with the largest (timestamp, replica) is the value, the others are its siblings.
 *
 * <p>It is the register of string keys, hash fields, scores and list elements. Like every datatype here it keeps no
 * tombstones.
 *
 * <p><b>Why the state is a function of the set of updates.</b> An entry is removed exactly when an update arrives whose
 * context contains the entry's dot. Causal delivery delivers an entry before every update that has seen it. So after a
 * set of updates the remaining entries are those that no update of the set had seen, in whatever order concurrent
 * updates arrived.
 *
 * <p><b>Bound.</b> A replica's assignment has seen its own earlier ones, so there is at most one
 * candidate per replica.
 *
 * <p>Shapiro, Preguica, Baquero, Zawirski: A comprehensive study of CRDTs (INRIA RR-7506, 2011),
 * MV-Register; Baquero, Almeida, Shoker: Making Operation-based CRDTs Operation-based (DAIS 2014), for
 * effects decided by causal context.
 *
 * @param entries the candidates, the value first, its siblings after it in descending order
 */
public record MvRegister(List<Entry> entries) {

    /** An empty register: an absent key. */
    public static final MvRegister EMPTY = new MvRegister(List.of());

    // Timestamps of one replica increase strictly, so two entries never compare as equal.
    private static final Comparator<Entry> NEWEST_FIRST = Comparator.comparingLong(Entry::timestamp)
            .thenComparing(entry -> entry.dot().replica())
            .reversed();

    /**
     * One candidate.
     *
     * @param dot the update that assigned it
     * @param timestamp that update's hybrid logical time
     * @param value what was assigned
     */
    public record Entry(Dot dot, long timestamp, Bytes value) {}

    /** Orders the entries; the order of the given list does not matter. */
    public MvRegister {
        entries = entries.size() < 2
                ? List.copyOf(entries)
                : entries.stream().sorted(NEWEST_FIRST).toList();
    }

    /** A register whose only candidate is the given one. */
    public static MvRegister of(Entry entry) {
        return new MvRegister(List.of(entry));
    }

    /** The effect of an assignment: it replaces the entries that its context had seen. */
    public MvRegister assign(Entry entry, VersionVector context) {
        List<Entry> left = unseenBy(context);
        if (left.isEmpty()) {
            return of(entry);
        }
        List<Entry> candidates = new ArrayList<>(left);
        candidates.add(entry);
        return new MvRegister(candidates);
    }

    /** The effect of a removal: it removes the entries that its context had seen. */
    public MvRegister remove(VersionVector context) {
        List<Entry> left = unseenBy(context);
        return left.isEmpty() ? EMPTY : left.size() == entries.size() ? this : new MvRegister(left);
    }

    private List<Entry> unseenBy(VersionVector context) {
        boolean allSeen = true;
        for (int i = 0; i < entries.size(); i++) {
            allSeen &= context.contains(entries.get(i).dot());
        }
        return allSeen
                ? List.of()
                : entries.stream()
                        .filter(entry -> !context.contains(entry.dot()))
                        .toList();
    }

    /** Whether there is no candidate. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** The candidates that lost to the first, which readers see, newest first. */
    public List<Entry> siblings() {
        return entries.size() < 2 ? List.of() : entries.subList(1, entries.size());
    }

    /**
     * The version tag: equal for equal candidates, different for different ones, at every node.
     *
     * <p>It names the candidates' dots, siblings included: a conditional write must not remove a sibling that its
     * writer never saw. Empty for an empty register.
     */
    public String versionTag() {
        return entries.stream()
                .map(entry -> entry.dot().counter() + "."
                        + Long.toHexString(entry.dot().replica().incarnation()))
                .collect(Collectors.joining("+"));
    }
}
