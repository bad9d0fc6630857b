package dev.hence.simulator.diagram;

import dev.hence.simulator.diagram.Scene.Mark;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The final state of the nodes: shows only differences between them, and what they still buffer. */
final class Endings {
    private final UpdateNames names;
    private final List<Event.Ended> endings = new ArrayList<>();

    Endings(UpdateNames names) {
        this.names = names;
    }

    void add(Event.Ended ending) {
        endings.add(ending);
    }

    /** Whether the end of the run has come. */
    boolean begun() {
        return !endings.isEmpty();
    }

    List<Draft> scenes() {
        List<String> keys = keysThatDiffer();
        boolean sameClocks = endings.stream()
                        .map(ending -> applied(ending.clock()))
                        .distinct()
                        .count()
                <= 1;
        List<Draft> scenes = new ArrayList<>();
        for (Event.Ended ending : endings) {
            List<String> parts = new ArrayList<>();
            if (!keys.isEmpty()) {
                parts.add(Words.shortened(keys.stream()
                        .map(key -> Words.read(key, ending.values().getOrDefault(key, Contents.NOTHING)))
                        .toList()));
            } else if (!sameClocks) {
                parts.add("applied up to " + names.clock(ending.clock()));
            }
            if (!ending.buffered().isEmpty()) {
                parts.add("still buffers " + names.list(ending.buffered()));
            }
            if (!parts.isEmpty()) {
                String label = "at the end " + String.join(", ", parts);
                scenes.add(Draft.step(ending.atMicros(), ending.node(), Mark.PROGRESS, label));
            }
        }
        return scenes;
    }

    private List<String> keysThatDiffer() {
        Set<String> keys = new TreeSet<>();
        endings.forEach(ending -> keys.addAll(ending.values().keySet()));
        List<String> differing = new ArrayList<>();
        for (String key : keys) {
            Set<Contents> seen = new HashSet<>();
            endings.forEach(ending -> seen.add(ending.values().getOrDefault(key, Contents.NOTHING)));
            if (seen.size() > 1) {
                differing.add(key);
            }
        }
        return differing;
    }

    private static Map<String, Long> applied(Map<String, Long> clock) {
        Map<String, Long> applied = new HashMap<>(clock);
        applied.values().removeIf(counter -> counter == 0);
        return applied;
    }
}
