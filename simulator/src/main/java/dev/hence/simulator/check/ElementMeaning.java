package dev.hence.simulator.check;

import dev.hence.simulator.trace.Candidate;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.TracedUpdate;
import dev.hence.simulator.trace.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** The content of one element after a set of updates, which are visited in reverse order of their creation. */
final class ElementMeaning {
    private record Assignment(TracedUpdate update, String value) {}

    private final GroundTruth truth;
    /** In the past of an assignment or removal. */
    private final UpdateSet seen = new UpdateSet();

    private final List<Assignment> assignments = new ArrayList<>(2);
    private BigDecimal sum = BigDecimal.ZERO;
    private boolean incremented;

    ElementMeaning(GroundTruth truth) {
        this.truth = truth;
    }

    void assign(TracedUpdate update, String value) {
        if (!seen.contains(update)) {
            assignments.add(new Assignment(update, value));
            remove(update);
        }
    }

    void remove(TracedUpdate update) {
        seen.addAll(truth.past(update));
    }

    void increment(TracedUpdate update, BigDecimal delta) {
        if (!seen.contains(update)) {
            sum = sum.add(delta);
            incremented = true;
        }
    }

    boolean isPresent() {
        return incremented || !assignments.isEmpty();
    }

    Contents.Element show(Type type, String name) {
        assignments.sort((one, other) -> isNewer(one.update(), other.update()) ? -1 : 1);
        List<Candidate> candidates = new ArrayList<>(assignments.size());
        for (Assignment each : assignments) {
            candidates.add(new Candidate(each.update().dot(), each.update().timestamp(), each.value()));
        }
        String assigned = assignments.isEmpty() ? "0" : assignments.getFirst().value();
        String value = type == Type.SORTED_SET
                ? Numbers.score(assigned, sum)
                : incremented ? Numbers.text(assigned, sum) : assigned;
        return new Contents.Element(name, value, candidates, incremented ? Numbers.plain(sum) : "");
    }

    /** Whether an update is later, by (timestamp, replica). */
    static boolean isNewer(TracedUpdate one, TracedUpdate other) {
        return one.timestamp() != other.timestamp()
                ? one.timestamp() > other.timestamp()
                : compareReplicas(one.replica(), other.replica()) > 0;
    }

    /** By name, then by incarnation; a name that is a prefix of another is the smaller one. */
    private static int compareReplicas(String one, String other) {
        int tilde = one.lastIndexOf('~');
        int otherTilde = other.lastIndexOf('~');
        int byName = one.substring(0, tilde).compareTo(other.substring(0, otherTilde));
        return byName != 0 ? byName : one.substring(tilde).compareTo(other.substring(otherTilde));
    }
}
