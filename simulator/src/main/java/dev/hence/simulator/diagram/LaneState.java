package dev.hence.simulator.diagram;

import dev.hence.simulator.trace.TracedUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The state of a node while the story is built. */
final class LaneState {
    private final UpdateNames names;

    /** The scene in which the process ended, while there is none. */
    @Nullable
    Draft stopped;

    boolean everStarted;
    boolean unsynced;
    String lastSaidStable = "";

    /** The updates that the disk holds. */
    final Set<TracedUpdate> stored = new HashSet<>();

    /** The scene in which an update became visible at the node, so that it could be sent. */
    final Map<TracedUpdate, Draft> visible = new HashMap<>();

    /** The scene in which an update began to wait. */
    final Map<TracedUpdate, Draft> buffered = new LinkedHashMap<>();

    private Map<String, Long> applied = new HashMap<>();

    LaneState(UpdateNames names) {
        this.names = names;
    }

    /** Starts a process on the content of the disk. */
    void start(List<TracedUpdate> onDisk, Map<String, Long> clock) {
        everStarted = true;
        stopped = null;
        applied = new HashMap<>(clock);
        stored.clear();
        stored.addAll(onDisk);
        visible.clear();
    }

    void apply(TracedUpdate update) {
        applied.merge(update.replica(), update.counter(), Math::max);
    }

    /** Returns the names of the updates that the node must apply before this one; empty if none. */
    String lacking(TracedUpdate update) {
        Map<String, Long> needed = new HashMap<>(update.context());
        needed.merge(update.replica(), update.counter() - 1, Math::max);
        List<String> missing = new ArrayList<>();
        needed.forEach((replica, counter) -> {
            long have = applied.getOrDefault(replica, 0L);
            if (have + 1 == counter) {
                missing.add(names.of(replica, counter));
            } else if (have < counter) {
                missing.add(names.of(replica, have + 1) + "-" + counter);
            }
        });
        missing.sort(null);
        return missing.isEmpty() ? "" : Words.shortened(missing);
    }
}
