package dev.hence.simulator.check;

import dev.hence.simulator.trace.Candidate;
import dev.hence.simulator.trace.Change;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.ArrayList;
import java.util.Comparator;
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
    /** Newest first; replicas are ordered by name, then by incarnation. */
    private static final Comparator<Assignment> NEWEST_FIRST = Comparator.comparingLong(
                    (Assignment assignment) -> assignment.update().timestamp())
            .thenComparing(Assignment::replicaName)
            .thenComparing(Assignment::incarnation)
            .reversed();

    /** What one update does to the key; no candidate if it removes it. */
    private record Assignment(TracedUpdate update, @Nullable Candidate candidate) {
        String replicaName() {
            return update.replica().substring(0, update.replica().lastIndexOf('~'));
        }

        String incarnation() {
            return update.replica().substring(update.replica().lastIndexOf('~') + 1);
        }
    }

    private final GroundTruth truth;
    private final Map<String, List<Assignment>> byKey = new HashMap<>();

    Meaning(GroundTruth truth) {
        this.truth = truth;
    }

    void add(TracedUpdate update) {
        for (Change change : update.changes()) {
            Candidate candidate =
                    change.value() == null ? null : new Candidate(update.dot(), update.timestamp(), change.value());
            byKey.computeIfAbsent(change.key(), k -> new ArrayList<>()).add(new Assignment(update, candidate));
        }
    }

    /** The candidates of a key after these updates, newest first. */
    List<Candidate> candidates(String key, UpdateSet updates) {
        List<Assignment> touching = byKey.get(key);
        if (touching == null) {
            return List.of();
        }
        UpdateSet seen = new UpdateSet();
        for (Assignment assignment : touching) {
            if (updates.contains(assignment.update())) {
                seen.addAll(truth.past(assignment.update()));
            }
        }
        List<Assignment> left = new ArrayList<>(2);
        for (Assignment assignment : touching) {
            if (assignment.candidate() != null
                    && updates.contains(assignment.update())
                    && !seen.contains(assignment.update())) {
                left.add(assignment);
            }
        }
        if (left.size() > 1) {
            left.sort(NEWEST_FIRST);
        }
        List<Candidate> candidates = new ArrayList<>(left.size());
        for (Assignment assignment : left) {
            if (assignment.candidate() != null) {
                candidates.add(assignment.candidate());
            }
        }
        return candidates;
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
}
