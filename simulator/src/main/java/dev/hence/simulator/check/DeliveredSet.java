package dev.hence.simulator.check;

import dev.hence.simulator.trace.TracedUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A growing set of updates together with the only clock that is true of it: how many it holds of each replica. */
final class DeliveredSet {
    private final UpdateSet updates = new UpdateSet();
    private final Map<String, List<TracedUpdate>> byReplica = new HashMap<>();
    private @Nullable TracedUpdate outOfOrder;

    DeliveredSet() {}

    DeliveredSet(List<TracedUpdate> updates) {
        updates.forEach(this::add);
    }

    /** The updates; this view changes as the set grows. */
    UpdateSet updates() {
        return updates;
    }

    /** Whether it was not there yet. */
    boolean add(TracedUpdate update) {
        if (!updates.add(update)) {
            return false;
        }
        List<TracedUpdate> ofReplica = byReplica.computeIfAbsent(update.replica(), r -> new ArrayList<>());
        ofReplica.add(update);
        if (update.counter() != ofReplica.size() && outOfOrder == null) {
            outOfOrder = update;
        }
        return true;
    }

    boolean contains(TracedUpdate update) {
        return updates.contains(update);
    }

    /** How many it holds of a replica. */
    int count(String replica) {
        List<TracedUpdate> ofReplica = byReplica.get(replica);
        return ofReplica == null ? 0 : ofReplica.size();
    }

    /** The update of this name; null if there is none. */
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

    /** Whether the clock says exactly what is in the set. */
    boolean isClock(Map<String, Long> clock) {
        return outOfOrder == null && clock.size() == byReplica.size() && covers(clock, null) && !exceeds(clock);
    }

    /** Whether the clock says exactly what was in the set before the update, its latest one, was added. */
    boolean wasClockBefore(TracedUpdate latest, Map<String, Long> clock) {
        int replicas = byReplica.size() - (count(latest.replica()) == 1 ? 1 : 0);
        return outOfOrder == null && clock.size() == replicas && covers(clock, latest) && !exceeds(clock);
    }

    /** Whether all that is in the set, except perhaps one, is in the clock. */
    private boolean covers(Map<String, Long> clock, @Nullable TracedUpdate except) {
        for (Map.Entry<String, List<TracedUpdate>> entry : byReplica.entrySet()) {
            boolean isExcepted = except != null && except.replica().equals(entry.getKey());
            int needed = entry.getValue().size() - (isExcepted ? 1 : 0);
            long counter = clock.getOrDefault(entry.getKey(), 0L);
            if (counter < needed || (isExcepted && counter > needed)) {
                return false;
            }
        }
        return true;
    }

    private boolean exceeds(Map<String, Long> clock) {
        for (Map.Entry<String, Long> entry : clock.entrySet()) {
            if (entry.getValue() > count(entry.getKey())) {
                return true;
            }
        }
        return false;
    }

    /** The set as a clock, for people. */
    Map<String, Long> clock() {
        Map<String, Long> clock = new TreeMap<>();
        byReplica.forEach((replica, updates) -> clock.put(replica, (long) updates.size()));
        return clock;
    }
}
