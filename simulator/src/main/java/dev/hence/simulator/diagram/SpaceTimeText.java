package dev.hence.simulator.diagram;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A space-time diagram for a terminal: a lane for each node, virtual time running downwards, one row for each scene.
 * Because a row shows only one event, a label may run across the lanes beside it; a label that does not fit continues
 * in the next line.
 *
 * <p>Text cannot show slanted arrows: an arrow is drawn in the row of its arrival, from the lane of the node that the
 * update came through. {@link SpaceTimeSvg} draws both ends at their time.
 *
 * @param columns the width, at least {@value #COLUMNS_MIN}; exceeded if the lanes need it
 */
public record SpaceTimeText(int columns, Alphabet alphabet) {
    /** The minimum width. */
    public static final int COLUMNS_MIN = 60;

    private static final int LANE_COLUMNS_MIN = 14;
    private static final int LANE_COLUMNS_MAX = 38;
    private static final int ROOM_MIN = 24;

    /** @throws IllegalArgumentException if the width is too small */
    public SpaceTimeText {
        if (columns < COLUMNS_MIN) {
            throw new IllegalArgumentException("columns: " + columns + " (expected: at least " + COLUMNS_MIN + ")");
        }
    }

    /** In 110 columns, with box-drawing signs. */
    public SpaceTimeText() {
        this(110, Alphabet.UNICODE);
    }

    /** The diagram: lines that each end with a line feed, the violation last. */
    public String draw(Story story) {
        return new Drawing(story).draw();
    }

    /** One diagram under construction. */
    private final class Drawing {
        private final Story story;
        private final Milliseconds time;
        private final int timeColumns;
        private final int laneColumns;
        private final int edge;
        private final TextCanvas canvas = new TextCanvas();

        Drawing(Story story) {
            this.story = story;
            time = Milliseconds.of(story.scenes());
            timeColumns = story.scenes().stream()
                    .mapToInt(scene -> time.format(scene.atMicros()).length())
                    .max()
                    .orElse(0);
            int lanes = Math.max(1, story.nodes().size());
            laneColumns = Math.clamp((columns - column0()) / lanes, LANE_COLUMNS_MIN, LANE_COLUMNS_MAX);
            edge = Math.max(columns, column0() + lanes * laneColumns);
        }

        private int column0() {
            return Math.max(timeColumns, 2) + 2;
        }

        private int column(int node) {
            return column0() + node * laneColumns;
        }

        String draw() {
            header();
            for (int scene = 0; scene < story.scenes().size(); scene++) {
                row(scene);
            }
            legend();
            violation();
            return canvas.toString();
        }

        private void header() {
            int line = canvas.addLine();
            canvas.put(line, column0() - 4, "ms");
            for (int node = 0; node < story.nodes().size(); node++) {
                String name = story.nodes().get(node);
                boolean fits = name.length() < laneColumns;
                canvas.put(line, column(node), alphabet.label(fits ? name : name.substring(0, laneColumns - 1)));
            }
            lanes(canvas.addLine(), -1, false);
        }

        private void row(int index) {
            Scene scene = story.scenes().get(index);
            int line = canvas.addLine();
            boolean sameTime = index > 0 && story.scenes().get(index - 1).atMicros() == scene.atMicros();
            if (!sameTime) {
                String at = time.format(scene.atMicros());
                canvas.put(line, column0() - 2 - at.length(), at);
            }
            lanes(line, index, true);
            switch (scene) {
                case Scene.Step step -> step(line, index, step);
                case Scene.Message message -> message(line, index, message);
                case Scene.Everywhere everywhere -> everywhere(line, everywhere);
            }
        }

        /** The bars of all lanes, as they are in the row of a scene or below it. */
        private void lanes(int line, int index, boolean atScene) {
            for (int node = 0; node < story.nodes().size(); node++) {
                boolean down = atScene
                        ? story.lastsAt(Span.Kind.DOWN, node, index)
                        : story.lastsAfter(Span.Kind.DOWN, node, index);
                boolean buffering = atScene
                        ? story.lastsAt(Span.Kind.BUFFERING, node, index)
                        : story.lastsAfter(Span.Kind.BUFFERING, node, index);
                if (!down) {
                    canvas.put(line, column(node), buffering ? alphabet.bufferingLane : alphabet.lane);
                }
            }
        }

        private void step(int line, int index, Scene.Step step) {
            int column = column(step.node());
            canvas.put(line, column, alphabet.of(step.mark()));
            int roomRight = edge - column - 2;
            int roomLeft = column - 1 - column0();
            if (step.label().length() > roomRight && step.label().length() <= roomLeft) {
                String label = alphabet.label(step.label()) + " " + alphabet.shaft;
                canvas.put(line, column - label.length(), label);
            } else {
                write(line, index, column + 2, alphabet.label(step.label()));
            }
        }

        private void message(int line, int index, Scene.Message message) {
            int from = column(message.from());
            int to = column(message.to());
            String name = alphabet.label(message.update());
            String label = alphabet.label(message.label());
            if (from == to) {
                canvas.put(line, to, alphabet.of(message.fate()));
                write(line, index, to + 2, name + " came back, " + label);
                return;
            }
            int left = Math.min(from, to);
            int right = Math.max(from, to);
            for (int column = left + 1; column < right; column++) {
                boolean lane = (column - column0()) % laneColumns == 0
                        && !story.lastsAt(Span.Kind.DOWN, (column - column0()) / laneColumns, index);
                canvas.put(line, column, lane ? alphabet.crossing : alphabet.shaft);
            }
            canvas.put(line, from, from < to ? alphabet.leavesRightwards : alphabet.leavesLeftwards);
            canvas.put(line, from < to ? to - 1 : to + 1, from < to ? alphabet.headRight : alphabet.headLeft);
            canvas.put(line, to, alphabet.of(message.fate()));

            int next = from < to ? from : from - laneColumns;
            int room = laneColumns - 6;
            String both = name + " " + label;
            if (both.length() <= room) {
                canvas.put(line, next + 3, " " + both + " ");
            } else if (both.length() <= right - left - 6) {
                canvas.put(line, left + 3, " " + both + " ");
            } else {
                canvas.put(line, next + 3, " " + name.substring(0, Math.min(name.length(), room)) + " ");
                write(line, index, right + 2, label);
            }
        }

        private void everywhere(int line, Scene.Everywhere everywhere) {
            String label = String.valueOf(alphabet.shaft).repeat(2) + " " + alphabet.label(everywhere.label()) + " ";
            int rest = Math.max(0, edge - column0() - label.length());
            canvas.put(line, column0(), label + String.valueOf(alphabet.shaft).repeat(rest));
        }

        /** A label to the right of a column, in as many lines as needed. */
        private void write(int line, int index, int column, String label) {
            int room = Math.max(ROOM_MIN, edge - column);
            int current = line;
            for (String part : TextCanvas.wrapped(label, room)) {
                if (current != line) {
                    canvas.addLine();
                    lanes(current, index, false);
                }
                canvas.put(current, column, part);
                current++;
            }
        }

        private void legend() {
            canvas.addLine();
            Map<Character, String> meanings = new LinkedHashMap<>();
            story.scenes().forEach(scene -> {
                switch (scene) {
                    case Scene.Step step -> meanings.put(alphabet.of(step.mark()), meaning(step.mark()));
                    case Scene.Message message -> meanings.put(alphabet.of(message.fate()), meaning(message.fate()));
                    case Scene.Everywhere _ -> {}
                }
            });
            List<String> signs = meanings.entrySet().stream()
                    .map(entry -> entry.getKey() + " " + entry.getValue())
                    .toList();
            TextCanvas.filled(signs, "   ", columns).forEach(this::paragraph);
            story.notes().forEach(this::paragraph);
        }

        private static String meaning(Scene.Mark mark) {
            return switch (mark) {
                case MADE, APPLIED -> "made or applied";
                case PROGRESS -> "stored, visible to readers and peers";
                case CLIENT -> "client";
                case STOPPED -> "process ends";
                case STARTED -> "process begins";
                case FAULT -> "fault";
            };
        }

        private String meaning(Scene.Fate fate) {
            return switch (fate) {
                case DELIVERED -> meaning(Scene.Mark.APPLIED);
                case BUFFERED -> "buffered (" + alphabet.bufferingLane + " until applied)";
                case DROPPED -> "dropped";
            };
        }

        private void violation() {
            String found = story.violation();
            if (found != null) {
                canvas.addLine();
                paragraph("VIOLATION  " + found);
            }
        }

        private void paragraph(String text) {
            for (String part : TextCanvas.wrapped(alphabet.label(text), columns)) {
                canvas.put(canvas.addLine(), 0, part);
            }
        }
    }
}
