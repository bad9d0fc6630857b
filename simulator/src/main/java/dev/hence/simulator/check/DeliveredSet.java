package dev.hence.simulator.check;

import dev.hence.simulator.trace.TracedUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A growing set of updates together with its exact clock: the number of updates it holds of each replica. */
final class DeliveredSet {
    private final UpdateSet updates = new UpdateSet();
    private final Map<String, List<TracedUpdate>> byReplica = new HashMap<>();
    private @Nullable TracedUpdate outOfOrder;
    private long size;

    DeliveredSet() {}

    DeliveredSet(List<TracedUpdate> updates) {
        updates.forEach(this::add);
    }

    /** The updates; this view changes as the set grows. */
    UpdateSet updates() {
        return updates;
    }

    /** Adds an update; returns whether it was new. */
    boolean add(TracedUpdate update) {
        if (!updates.add(update)) {
            return false;
        }
        size++;
        List<TracedUpdate> ofReplica = byReplica.computeIfAbsent(update.replica(), replica -> new ArrayList<>());
        ofReplica.add(update);
        if (update.counter() != ofReplica.size() && outOfOrder == null) {
            outOfOrder = update;
        }
        return true;
    }

    boolean contains(TracedUpdate update) {
        return updates.contains(update);
    }

    /** Returns the number of its updates of a replica. */
    int count(String replica) {
        List<TracedUpdate> ofReplica = byReplica.get(replica);
        return ofReplica == null ? 0 : ofReplica.size();
    }

    /** Returns the update with this dot; null if there is none. */
    @Nullable
    TracedUpdate get(String replica, long counter) {
        return counter < 1 || counter > count(replica)
                ? null
                : byReplica.getOrDefault(replica, List.of()).get((int) counter - 1);
    }

    /** An update whose counter was not the next one of its replica when it was added; null if there is none. */
    @Nullable
    TracedUpdate outOfOrder() {
        return outOfOrder;
    }

    /** Whether the clock names exactly the updates in the set. */
    boolean isClock(Map<String, Long> clock) {
        return isClock(clock, size, null);
    }

    /** Whether the clock names exactly the updates in the set before its latest one was added. */
    boolean wasClockBefore(TracedUpdate latest, Map<String, Long> clock) {
        return isClock(clock, size - 1, latest);
    }

    /** No entry exceeds the set's count, and the sums are equal: so each entry is exact. */
    private boolean isClock(Map<String, Long> clock, long total, @Nullable TracedUpdate except) {
        long said = 0;
        for (Map.Entry<String, Long> entry : clock.entrySet()) {
            String replica = entry.getKey();
            long counter = entry.getValue();
            int there = count(replica) - (except != null && except.replica().equals(replica) ? 1 : 0);
            if (counter < 1 || counter > there) {
                return false;
            }
            said += counter;
        }
        return said == total && outOfOrder == null;
    }

    /** The set as a clock. */
    Map<String, Long> clock() {
        Map<String, Long> clock = new HashMap<>();
        byReplica.forEach((replica, updates) -> clock.put(replica, (long) updates.size()));
        return clock;
    }
}
