package dev.hence.simulator.diagram;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A space-time diagram as a self-contained SVG document: a vertical lane for each node, virtual time running
 * downwards, and slanted arrows from where an update became visible at its sender to where it was received.
 *
 * <p>Every scene has a row of its own, so labels never overlap: they are above their row on the right of the lane, or
 * below it if an arrow comes in from the right. The distance between rows is not proportional to time; the figures on
 * the left give the time.
 */
public final class SpaceTimeSvg {
    private static final int MARGIN = 16;
    private static final int HEADER = 46;
    private static final int ROW = 34;
    private static final int LINE = 15;
    private static final int LABEL_GAP = 10;
    private static final int CLEARANCE = 10;
    private static final int WIDTH_MIN = 640;
    private static final int LABEL_CHARACTERS_MAX = 48;

    /** A generous mean for a sans-serif font at 12 px; the reader's font is unknown and cannot be measured. */
    private static final double CHARACTER = 7.0;

    /** The diagram: an XML document in UTF-8, with no reference to anything outside it. */
    public String draw(Story story) {
        return new Drawing(story).draw();
    }

    /** One diagram under construction. */
    private static final class Drawing {
        private final Story story;
        private final Milliseconds time;
        private final int spacing;
        private final double[] rows;
        private final double bottom;
        private final int width;
        private final int height;
        private final SvgPage page;

        Drawing(Story story) {
            this.story = story;
            time = Milliseconds.of(story.scenes());
            spacing = Math.clamp(780 / Math.max(1, story.nodes().size()), 140, 260);
            rows = new double[story.scenes().size()];
            bottom = layRows();
            width = widthNeeded();
            height = (int) bottom + MARGIN + LINE * 2 + linesBelow() * (LINE + 3) + MARGIN;
            String title = "Space-time diagram of " + story.nodes().size() + " nodes";
            page = new SvgPage(width, height, title);
        }

        /** Computes the position of each row and returns where the lanes end. */
        private double layRows() {
            double y = HEADER + MARGIN;
            for (int i = 0; i < rows.length; i++) {
                Scene scene = story.scenes().get(i);
                int more = (lines(scene).size() - 1) * LINE;
                boolean below = labelIsBelow(scene);
                y += ROW + (below ? 0 : more);
                rows[i] = y;
                y += below ? more + LABEL_GAP : 0;
            }
            return y + ROW;
        }

        private int widthNeeded() {
            double needed = Math.max(WIDTH_MIN, lane(story.nodes().size() - 1) + spacing / 2.0);
            for (Scene scene : story.scenes()) {
                double start = switch (scene) {
                    case Scene.Step step -> lane(step.node());
                    case Scene.Message message -> lane(message.to());
                    case Scene.Everywhere _ -> lane(0);
                };
                for (String line : lines(scene)) {
                    needed = Math.max(needed, start + LABEL_GAP + line.length() * CHARACTER);
                }
            }
            return (int) needed + MARGIN;
        }

        String draw() {
            page.leaf("style", SvgSigns.STYLE);
            page.open("defs");
            page.open(
                    "marker",
                    "id",
                    "head",
                    "viewBox",
                    "0 0 10 10",
                    "refX",
                    9,
                    "refY",
                    5,
                    "markerWidth",
                    8,
                    "markerHeight",
                    8,
                    "orient",
                    "auto");
            page.draw("path", "class", "head", "d", "M0 1 L10 5 L0 9 z");
            page.close();
            page.close();
            page.draw("rect", "class", "ground", "width", width, "height", height);
            bands();
            lanes();
            arrows();
            for (int i = 0; i < rows.length; i++) {
                scene(i, story.scenes().get(i));
            }
            below();
            page.close();
            return page.finish();
        }

        private double lane(int node) {
            double times = story.scenes().stream()
                    .mapToInt(scene -> time.format(scene.atMicros()).length())
                    .max()
                    .orElse(0);
            return MARGIN + Math.max(3, times) * CHARACTER + 34 + (double) node * spacing;
        }

        private double row(int scene) {
            return scene < 0 ? HEADER : scene >= rows.length ? bottom : rows[scene];
        }

        // --- below the signs ---

        private void bands() {
            for (Span span : story.spans()) {
                if (span.kind() == Span.Kind.CUT) {
                    boolean all = span.node() == Span.EVERY_NODE;
                    double x = all ? lane(0) - 20 : lane(span.node()) - 12;
                    double end = all ? width - MARGIN : lane(span.node()) + 12;
                    double y = row(span.from());
                    page.draw("rect", "class", "band", "x", x, "y", y, "width", end - x, "height", row(span.to()) - y);
                }
            }
        }

        private void lanes() {
            page.leaf("text", "ms", "class", "time", "x", lane(0) - 26, "y", HEADER + LINE);
            for (int node = 0; node < story.nodes().size(); node++) {
                double x = lane(node);
                String name = story.nodes().get(node);
                double nameX = Math.max(x, MARGIN + name.length() * CHARACTER * 0.7);
                page.leaf("text", name, "class", "node", "x", nameX, "y", HEADER - 14);
                for (int scene = -1; scene < rows.length; scene++) {
                    if (!story.lastsAfter(Span.Kind.DOWN, node, scene)) {
                        int first = scene;
                        while (scene + 1 < rows.length && !story.lastsAfter(Span.Kind.DOWN, node, scene + 1)) {
                            scene++;
                        }
                        line("lane", x, row(first), x, row(scene + 1));
                    }
                }
            }
            for (Span span : story.spans()) {
                if (span.kind() == Span.Kind.BUFFERING) {
                    double x = lane(span.node());
                    line("buffering", x, row(span.from()), x, row(span.to()));
                }
            }
        }

        private void arrows() {
            for (int i = 0; i < rows.length; i++) {
                if (story.scenes().get(i) instanceof Scene.Message message && message.from() != message.to()) {
                    double start = message.sent() < 0 ? rows[i] - ROW * 0.7 : row(message.sent());
                    String kind = message.fate() == Scene.Fate.DROPPED ? "arrow dropped" : "arrow";
                    arrow(message, start, rows[i]).draw(page, kind);
                }
            }
        }

        /**
         * Returns the straightest candidate arrow that does not pass so close to a sign of a lane in between that it
         * seems to end there.
         */
        private SvgArrow arrow(Scene.Message message, double start, double end) {
            SvgArrow straight = new SvgArrow(lane(message.from()), start, lane(message.to()), end, 0);
            return IntStream.of(0, 1, -1, 2, -2, 3, -3)
                    .mapToObj(times -> straight.bent(times * ROW))
                    .filter(arrow -> keepsClear(message, arrow))
                    .findFirst()
                    .orElse(straight);
        }

        private boolean keepsClear(Scene.Message message, SvgArrow arrow) {
            for (int i = 0; i < rows.length; i++) {
                int node = switch (story.scenes().get(i)) {
                    case Scene.Step step -> step.node();
                    case Scene.Message other -> other.to();
                    case Scene.Everywhere _ -> Span.EVERY_NODE;
                };
                boolean between =
                        node > Math.min(message.from(), message.to()) && node < Math.max(message.from(), message.to());
                if (between && Math.abs(arrow.heightAt(lane(node)) - rows[i]) < CLEARANCE) {
                    return false;
                }
            }
            return true;
        }

        private void line(String kind, double x1, double y1, double x2, double y2) {
            page.draw("line", "class", kind, "x1", x1, "y1", y1, "x2", x2, "y2", y2);
        }

        // --- scenes ---

        private void scene(int index, Scene scene) {
            double y = rows[index];
            boolean sameTime = index > 0 && story.scenes().get(index - 1).atMicros() == scene.atMicros();
            if (!sameTime) {
                String at = time.format(scene.atMicros());
                page.leaf("text", at, "class", "time", "x", lane(0) - 26, "y", y + 4);
            }
            switch (scene) {
                case Scene.Step step -> {
                    SvgSigns.draw(page, step.mark(), lane(step.node()), y);
                    label(lane(step.node()), y, scene);
                }
                case Scene.Message message -> {
                    SvgSigns.draw(page, message.fate(), lane(message.to()), y);
                    label(lane(message.to()), y, scene);
                }
                case Scene.Everywhere _ -> {
                    line("everywhere", lane(0) - 20, y, width - MARGIN, y);
                    label(lane(0), y, scene);
                }
            }
        }

        private static boolean labelIsBelow(Scene scene) {
            return scene instanceof Scene.Message message && message.from() > message.to();
        }

        private static List<String> lines(Scene scene) {
            String label = scene instanceof Scene.Message message
                    ? message.update() + (message.from() == message.to() ? " came back, " : " ") + message.label()
                    : scene.label();
            return TextCanvas.wrapped(label, LABEL_CHARACTERS_MAX);
        }

        private void label(double x, double y, Scene scene) {
            List<String> lines = lines(scene);
            double first = labelIsBelow(scene) ? y + 14 : y - 5 - (lines.size() - 1) * LINE;
            for (int i = 0; i < lines.size(); i++) {
                page.leaf("text", lines.get(i), "class", "label", "x", x + LABEL_GAP, "y", first + i * LINE);
            }
        }

        // --- legend, notes, violation ---

        private int charactersBelow() {
            return Math.max(40, (int) ((width - 2 * MARGIN) / (CHARACTER + 0.8)));
        }

        private List<String> violation() {
            String found = story.violation();
            return found == null ? List.of() : TextCanvas.wrapped("Violation: " + found, charactersBelow());
        }

        private List<String> notes() {
            List<String> lines = new ArrayList<>();
            story.notes().forEach(note -> lines.addAll(TextCanvas.wrapped(note, charactersBelow())));
            return lines;
        }

        private Map<String, Runnable> key(double[] at) {
            Map<String, Runnable> key = new LinkedHashMap<>();
            for (Scene scene : story.scenes()) {
                switch (scene) {
                    case Scene.Step step ->
                        key.put(SvgSigns.meaning(step.mark()), () -> SvgSigns.draw(page, step.mark(), at[0], at[1]));
                    case Scene.Message message ->
                        key.put(
                                SvgSigns.meaning(message.fate()),
                                () -> SvgSigns.draw(page, message.fate(), at[0], at[1]));
                    case Scene.Everywhere _ -> {}
                }
            }
            return key;
        }

        private static double keyColumns(String meaning) {
            return 36 + meaning.length() * CHARACTER * 0.9;
        }

        private int linesBelow() {
            double keyWidth = key(new double[2]).keySet().stream()
                    .mapToDouble(Drawing::keyColumns)
                    .sum();
            int keyLines = 2 + (int) (keyWidth / Math.max(1, width - 2 * MARGIN - 250));
            return keyLines + notes().size() + violation().size();
        }

        private void below() {
            double[] at = {MARGIN + 6, bottom + MARGIN + LINE};
            key(at).forEach((meaning, sign) -> {
                double needed = keyColumns(meaning);
                if (at[0] + needed > width && at[0] > MARGIN + 6) {
                    at[0] = MARGIN + 6;
                    at[1] += LINE + 5;
                }
                sign.run();
                page.leaf("text", meaning, "class", "note", "x", at[0] + 12, "y", at[1] + 4);
                at[0] += needed;
            });
            at[1] += 10;
            notes().forEach(note -> paragraph("note", note, at));
            at[1] += 6;
            violation().forEach(line -> paragraph("violation", line, at));
        }

        private void paragraph(String kind, String line, double[] at) {
            at[1] += LINE + 3;
            page.leaf("text", line, "class", kind, "x", MARGIN, "y", at[1]);
        }
    }
}
