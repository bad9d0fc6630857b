package dev.hence.simulator.diagram;

import dev.hence.simulator.trace.TracedUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The scenes of a story under construction, and the rule that keeps their order causal.
 *
 * <p>The latest scene of a node is open: later events of the node may be folded into it, and move it to their own time.
 * It is closed by the next scene of its node, by a scene at another node about the same update, and by any scene of the
 * whole cluster. So a scene that moves passes only unrelated scenes.
 */
final class Script {
    private final List<Draft> drafts = new ArrayList<>();
    private final Map<Integer, Draft> open = new HashMap<>();
    private final List<Lasting> lasting = new ArrayList<>();

    /** A span between two drafts; without the first it lasts from the beginning, without the second to the end. */
    private record Lasting(
            Span.Kind kind,
            int node,
            @Nullable Draft from,
            @Nullable Draft to) {
        Span span(Map<Draft, Integer> indices, int scenes) {
            return new Span(
                    kind,
                    node,
                    from == null ? -1 : indices.getOrDefault(from, -1),
                    to == null ? scenes : indices.getOrDefault(to, scenes));
        }
    }

    /** Adds a scene. */
    void place(Draft draft) {
        drafts.add(draft);
        if (draft.hidden()) {
            return;
        }
        if (draft.node() == Span.EVERY_NODE) {
            open.clear();
        } else {
            open.values().removeIf(draft::sharesUpdateWith);
            open.put(draft.node(), draft);
        }
    }

    /** The scene that events of this node may still be folded into; null if there is none. */
    @Nullable
    Draft open(int node) {
        return open.get(node);
    }

    /** Moves a scene to the time of the event that was folded into it. */
    void moveToEnd(Draft draft) {
        if (drafts.getLast() != draft) {
            drafts.remove(drafts.lastIndexOf(draft));
            drafts.add(draft);
        }
    }

    void lasts(Span.Kind kind, int node, @Nullable Draft from, @Nullable Draft to) {
        lasting.add(new Lasting(kind, node, from, to));
    }

    /** Whether there is nothing to show so far. */
    boolean isEmpty() {
        return drafts.stream().allMatch(Draft::hidden);
    }

    /** Whether the node has done anything other than serving clients since this scene. */
    boolean wentOnSince(Draft scene) {
        for (Draft draft : drafts.reversed()) {
            if (draft == scene) {
                return false;
            }
            if (draft.node() == scene.node() && !draft.hidden() && !draft.isForClient()) {
                return true;
            }
        }
        return false;
    }

    /** Adds a word to the latest scene of a node if that shows how this update, or any, became durable or visible. */
    boolean say(long at, int node, String word, @Nullable TracedUpdate about) {
        Draft latest = open.get(node);
        boolean fits =
                latest != null && (about == null ? latest.isOnDisk() : latest.isVisible() && latest.mentions(about));
        if (latest == null || !fits) {
            return false;
        }
        latest.say(word, at);
        moveToEnd(latest);
        return true;
    }

    /** The finished story. */
    Story story(List<String> nodes, UpdateNames names, @Nullable String violation) {
        List<Draft> shown = drafts.stream().filter(draft -> !draft.hidden()).toList();
        Map<Draft, Integer> indices = new HashMap<>();
        shown.forEach(draft -> indices.put(draft, indices.size()));
        List<Scene> scenes = shown.stream().map(draft -> draft.scene(indices)).toList();
        List<Span> spans = lasting.stream()
                .map(each -> each.span(indices, scenes.size()))
                .distinct()
                .toList();
        return new Story(nodes, scenes, spans, names.notes(nodes, violation == null ? "" : violation), violation);
    }
}
