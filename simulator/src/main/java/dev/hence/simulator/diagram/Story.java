package dev.hence.simulator.diagram;

import dev.hence.simulator.trace.Event;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of a diagram: the events of a trace worth a row, in order, in words.
 *
 * <p>A trace holds several events for each update and node. Events without new information are folded into one scene
 * (an update that arrives, is applied, stored and published with nothing in between is just visible) or are left out.
 * Folding never moves a scene past another scene of its node, or past one of the same update at another node, so the
 * order that a reader sees is a causal order of the trace.
 *
 * @param nodes the nodes' names, in the order of their numbers
 * @param scenes in the order of virtual time
 * @param spans conditions that last longer than one scene
 * @param notes how to read the updates' short names; whole sentences or short lists
 * @param violation the violation at the end; null if there was none
 */
public record Story(
        List<String> nodes,
        List<Scene> scenes,
        List<Span> spans,
        List<String> notes,
        @Nullable String violation) {

    /**
     * Builds the story of a trace. All text is printable and of bounded length, whatever keys, values and messages are
     * in the trace.
     *
     * @param events a whole trace in its order, beginning with {@link Event.Began}
     * @param violation the message of the violation that ended it; null if there was none
     * @throws IllegalArgumentException if the trace does not begin with {@link Event.Began}
     */
    public static Story of(List<Event> events, @Nullable String violation) {
        if (events.isEmpty() || !(events.getFirst() instanceof Event.Began began)) {
            throw new IllegalArgumentException("trace: no beginning (expected: Began as its first event)");
        }
        return new Narrator(began, new Foresight(events), violation).tell(events);
    }

    /** Returns the end of this story, at most n scenes, with a note of how many are left out. */
    public Story last(int scenesMax) {
        int leftOut = scenes.size() - scenesMax;
        if (leftOut <= 0) {
            return this;
        }
        List<Scene> kept = new ArrayList<>();
        for (Scene scene : scenes.subList(leftOut, scenes.size())) {
            kept.add(
                    scene instanceof Scene.Message(var at, var from, var to, var sent, var update, var fate, var label)
                            ? new Scene.Message(at, from, to, Math.max(-1, sent - leftOut), update, fate, label)
                            : scene);
        }
        List<Span> left = spans.stream()
                .filter(span -> span.to() >= leftOut)
                .map(span -> span.shifted(leftOut, kept.size()))
                .toList();
        List<String> noted = new ArrayList<>(notes);
        noted.add("The first " + leftOut + " rows are left out.");
        return new Story(nodes, List.copyOf(kept), left, List.copyOf(noted), violation);
    }

    /** Whether a condition of this kind lasts at the node between the scene of this index and the next. */
    boolean lastsAfter(Span.Kind kind, int node, int scene) {
        return spans.stream().anyMatch(span -> span.kind() == kind && span.node() == node && span.coversAfter(scene));
    }

    /** Whether a condition of this kind lasts at the node during the scene of this index. */
    boolean lastsAt(Span.Kind kind, int node, int scene) {
        return spans.stream().anyMatch(span -> span.kind() == kind && span.node() == node && span.covers(scene));
    }
}
