package dev.hence.system.history;

import dev.hence.system.cluster.WriteOutcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one writer did to one key, and what the key may hold after it.
 *
 * <p>The writer is alone on its key, writes a different value each time, waits for each answer, and carries its
 * session from node to node. So whatever was acknowledged is in the past of everything it did later, and only
 * the last acknowledged operation, and those of which nobody knows whether they happened, can still show:
 *
 * <ul>
 *   <li>no other value may be there, concurrent values included;
 *   <li>if the last acknowledged operation was a write, its value must be there, unless an operation of unknown
 *       outcome came after it and has replaced it.
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

    /** Notes a write. */
    public void wrote(String value, WriteOutcome outcome) {
        steps.add(new Step(value, outcome));
    }

    /** Notes a removal; one that found nothing to remove counts as refused. */
    public void removed(WriteOutcome outcome) {
        steps.add(new Step(null, outcome));
    }

    /** What the key must not hold or lacks, as one line; empty if these may be all its concurrent values. */
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

    /** What is wrong with this as the answer to a read in the writer's session; empty if nothing. */
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

    /** The value that is certainly among those of the key. */
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
