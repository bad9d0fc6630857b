package dev.hence.system.history;

import dev.hence.system.cluster.WriteOutcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one writer on one key, and the values that the key may hold after them.
 *
 * <p>The writer is the only one of its key, writes a different value each time, waits for each answer, and carries its
 * session from node to node. So every acknowledged operation is in the past of all its later ones, and only the last
 * acknowledged operation, and those with unknown outcome, can still be visible:
 *
 * <ul>
 *   <li>no other value may be there, including concurrent values;
 *   <li>if the last acknowledged operation was a write, its value must be there, unless a later operation with unknown
 *       outcome has replaced it.
 * </ul>
 *
 * <p>Not thread-safe.
 */
public final class RegisterHistory {

    private record Step(@Nullable String value, WriteOutcome outcome) {}

    private final String key;
    private final List<Step> steps = new ArrayList<>();

    public RegisterHistory(String key) {
        this.key = key;
    }

    public String key() {
        return key;
    }

    /** Records a write. */
    public void wrote(String value, WriteOutcome outcome) {
        steps.add(new Step(value, outcome));
    }

    /** Records a removal; one that found nothing to remove counts as refused. */
    public void removed(WriteOutcome outcome) {
        steps.add(new Step(null, outcome));
    }

    /** The violation in these concurrent values of the key, as one line; empty if there is none. */
    public Optional<String> violation(List<String> candidates) {
        Set<String> possible = possible();
        if (!possible.containsAll(candidates)) {
            return Optional.of(key + ": " + candidates + " (expected: only of " + possible + ")");
        }
        Optional<String> required = required();
        if (required.isPresent() && !candidates.contains(required.get())) {
            return Optional.of(key + ": " + candidates + " (expected: " + required.get() + ", which was acknowledged)");
        }
        return Optional.empty();
    }

    /** The violation in this reply to a read in the writer's session; empty if there is none. */
    public Optional<String> violation(Optional<String> shown) {
        if (shown.isEmpty() && required().isPresent()) {
            return Optional.of(key + ": absent (expected: " + required().get() + ", the session's own write)");
        }
        return shown.filter(value -> !possible().contains(value))
                .map(value -> key + ": " + value + " (expected: one of " + possible() + ")");
    }

    private Set<String> possible() {
        int last = lastAcknowledged();
        Set<String> possible = new HashSet<>();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (step.value != null && (i == last || step.outcome instanceof WriteOutcome.Unknown)) {
                possible.add(step.value);
            }
        }
        return possible;
    }

    /** The value that must be among those of the key. */
    private Optional<String> required() {
        int last = lastAcknowledged();
        if (last < 0
                || steps.subList(last, steps.size()).stream()
                        .anyMatch(step -> step.outcome instanceof WriteOutcome.Unknown)) {
            return Optional.empty();
        }
        return Optional.ofNullable(steps.get(last).value);
    }

    public long acknowledged() {
        return steps.stream()
                .filter(step -> step.outcome instanceof WriteOutcome.Acknowledged)
                .count();
    }

    public long unknown() {
        return steps.stream()
                .filter(step -> step.outcome instanceof WriteOutcome.Unknown)
                .count();
    }

    private int lastAcknowledged() {
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (steps.get(i).outcome instanceof WriteOutcome.Acknowledged) {
                return i;
            }
        }
        return -1;
    }
}
