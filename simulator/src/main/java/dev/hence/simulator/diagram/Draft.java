package dev.hence.simulator.diagram;

import dev.hence.simulator.trace.TracedUpdate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A scene under construction: later events may still be folded into it. */
final class Draft {
    /** The stage of updates at a node. */
    enum Stage {
        NONE(""),
        DELIVERED("delivered"),
        APPLIED("applied"),
        STORED("stored"),
        VISIBLE("visible");

        final String word;

        Stage(String word) {
            this.word = word;
        }

        boolean comesBefore(Stage next) {
            return switch (this) {
                case NONE, VISIBLE -> false;
                case DELIVERED -> next == APPLIED;
                case APPLIED -> next == STORED;
                case STORED -> next == VISIBLE;
            };
        }
    }

    /** The transfer of an update: the node it came through, and the scene that made it visible there. */
    private record Journey(int from, @Nullable Draft sent, String update, Scene.Fate fate) {}

    private final int node;
    private final Scene.Mark mark;
    private final String prefix;
    private final Set<TracedUpdate> updates = new HashSet<>();
    private final List<String> words = new ArrayList<>();
    private long atMicros;
    private Stage stage = Stage.NONE;
    private boolean saysEachStage;
    private boolean hidden;
    private @Nullable Journey journey;

    private Draft(long atMicros, int node, Scene.Mark mark, String prefix) {
        this.atMicros = atMicros;
        this.node = node;
        this.mark = mark;
        this.prefix = prefix;
    }

    static Draft step(long atMicros, int node, Scene.Mark mark, String label) {
        return new Draft(atMicros, node, mark, label);
    }

    static Draft everywhere(long atMicros, String label) {
        return new Draft(atMicros, Span.EVERY_NODE, Scene.Mark.FAULT, label);
    }

    static Draft message(
            long atMicros, int from, int to, @Nullable Draft sent, String update, Scene.Fate fate, String label) {
        Draft draft = new Draft(atMicros, to, Scene.Mark.APPLIED, label);
        draft.journey = new Journey(from, sent, update, fate);
        return draft;
    }

    /** Sets the updates of this scene and their stage; the label continues with the stages that they reach. */
    Draft about(Iterable<TracedUpdate> subjects, Stage reached) {
        subjects.forEach(updates::add);
        stage = reached;
        return this;
    }

    /** Lets the label name each stage from here on, not only the last. */
    Draft sayingEachStage() {
        saysEachStage = true;
        words.add(stage.word);
        return this;
    }

    /** Whether its updates, all of them, come to this stage next. */
    boolean awaits(Stage next, Set<TracedUpdate> subjects) {
        return stage.comesBefore(next) && updates.equals(subjects);
    }

    void reach(Stage next, long at) {
        stage = next;
        atMicros = at;
        if (saysEachStage) {
            words.add(next.word);
        }
    }

    void say(String word, long at) {
        words.add(word);
        atMicros = at;
    }

    boolean mentions(TracedUpdate update) {
        return updates.contains(update);
    }

    boolean sharesUpdateWith(Draft other) {
        return other.updates.stream().anyMatch(updates::contains);
    }

    boolean isForClient() {
        return mark == Scene.Mark.CLIENT;
    }

    boolean isOnDisk() {
        return stage == Stage.STORED || stage == Stage.VISIBLE;
    }

    boolean isVisible() {
        return stage == Stage.VISIBLE;
    }

    int node() {
        return node;
    }

    boolean hidden() {
        return hidden;
    }

    Draft hide(boolean whether) {
        hidden = whether;
        return this;
    }

    /** The finished scene. */
    Scene scene(Map<Draft, Integer> indices) {
        Journey came = journey;
        if (came != null) {
            int sent = came.sent == null ? -1 : indices.getOrDefault(came.sent, -1);
            return new Scene.Message(atMicros, came.from, node, sent, came.update, came.fate, label());
        }
        return node == Span.EVERY_NODE
                ? new Scene.Everywhere(atMicros, label())
                : new Scene.Step(atMicros, node, mark, label());
    }

    private String label() {
        List<String> parts = new ArrayList<>(words);
        if (!saysEachStage && journey != null && stage != Stage.NONE) {
            parts.addFirst(stage.word);
        } else if (!saysEachStage && isOnDisk()) {
            parts.add(stage.word);
        }
        String said = String.join(", ", parts);
        if (prefix.isEmpty() || said.isEmpty()) {
            return prefix + said;
        }
        return prefix + (saysEachStage ? " " : ", ") + said;
    }
}
