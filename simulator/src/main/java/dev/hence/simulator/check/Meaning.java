package dev.hence.simulator.check;

import dev.hence.simulator.trace.Candidate;
import dev.hence.simulator.trace.Change;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a key holds after a set of updates, by definition and not by any history of states: its candidates are the
 * assignments that are not in the past of another assignment or removal of the key in the set. The newest, by
 * (timestamp, replica), is the value.
 */
final class Meaning {
    /** What one update does to the key; no candidate if it removes it. */
    private record Assignment(TracedUpdate update, @Nullable Candidate candidate) {}

    private final GroundTruth truth;
    private final Map<String, List<Assignment>> byKey = new HashMap<>();

    Meaning(GroundTruth truth) {
        this.truth = truth;
    }

    void add(TracedUpdate update) {
        for (Change change : update.changes()) {
            Candidate candidate =
                    change.value() == null ? null : new Candidate(update.dot(), update.timestamp(), change.value());
            byKey.computeIfAbsent(change.key(), key -> new ArrayList<>()).add(new Assignment(update, candidate));
        }
    }

    /**
     * The candidates of a key after these updates, newest first.
     *
     * <p>What has an update in its past was made later, so whoever goes back in the order of making has met all that
     * could have seen an update before he meets it. The past of one that was seen itself need not be added: whoever
     * saw it saw that too.
     */
    List<Candidate> candidates(String key, UpdateSet updates) {
        List<Assignment> touching = byKey.getOrDefault(key, List.of());
        UpdateSet seen = new UpdateSet();
        List<Assignment> left = new ArrayList<>(2);
        for (int i = touching.size() - 1; i >= 0; i--) {
            Assignment assignment = touching.get(i);
            if (updates.contains(assignment.update()) && !seen.contains(assignment.update())) {
                seen.addAll(truth.past(assignment.update()));
                if (assignment.candidate() != null) {
                    left.add(assignment);
                }
            }
        }
        if (left.size() > 1) {
            left.sort(Meaning::newestFirst);
        }
        List<Candidate> candidates = new ArrayList<>(left.size());
        for (Assignment assignment : left) {
            if (assignment.candidate() != null) {
                candidates.add(assignment.candidate());
            }
        }
        return candidates;
    }

    /** Whether something that a clock covers has seen a candidate of a key, and so replaced or removed it. */
    boolean isGone(String key, Candidate candidate, Map<String, Long> clock) {
        List<Assignment> touching = byKey.getOrDefault(key, List.of());
        return touching.stream()
                .filter(assignment -> candidate.equals(assignment.candidate()))
                .anyMatch(gone -> touching.stream()
                        .map(Assignment::update)
                        .anyMatch(update -> clock.getOrDefault(update.replica(), 0L) >= update.counter()
                                && truth.past(update).contains(gone.update())));
    }

    /** Every key that is present after these updates, with its candidates. */
    Map<String, List<Candidate>> state(UpdateSet updates) {
        Map<String, List<Candidate>> state = new TreeMap<>();
        for (String key : byKey.keySet()) {
            List<Candidate> candidates = candidates(key, updates);
            if (!candidates.isEmpty()) {
                state.put(key, candidates);
            }
        }
        return state;
    }

    private static int newestFirst(Assignment one, Assignment other) {
        int byTime = Long.compare(other.update().timestamp(), one.update().timestamp());
        return byTime != 0
                ? byTime
                : compareReplicas(other.update().replica(), one.update().replica());
    }

    /** By name, then by incarnation; a name that begins like another one is the smaller one. */
    private static int compareReplicas(String one, String other) {
        int tilde = one.lastIndexOf('~');
        int otherTilde = other.lastIndexOf('~');
        int byName = one.substring(0, tilde).compareTo(other.substring(0, otherTilde));
        return byName != 0 ? byName : one.substring(tilde).compareTo(other.substring(otherTilde));
    }
}
