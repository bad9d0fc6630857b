package dev.hence.simulator.diagram;

/** The signs on the lanes of an SVG diagram: each kind differs in shape, not only in colour. */
final class SvgSigns {
    /** The common style of all elements, with a light background of its own, so that it is readable on a dark page. */
    static final String STYLE = """

            text { font-family: sans-serif; font-size: 12px; fill: #1f2933; }
            text.label { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round; }
            text.node { font-size: 14px; font-weight: bold; text-anchor: middle; }
            text.time { font-size: 11px; fill: #66707c; text-anchor: end; }
            text.note { fill: #4a5561; }
            text.violation { font-size: 13px; font-weight: bold; fill: #b3261e; }
            .ground { fill: #ffffff; }
            .band { fill: #b3261e; fill-opacity: 0.08; }
            .lane { stroke: #8a94a0; stroke-width: 1.5; }
            .buffering { stroke: #d9822b; stroke-width: 7; stroke-opacity: 0.55; }
            .everywhere { stroke: #b3261e; stroke-width: 1; stroke-dasharray: 6 4; }
            .arrow { fill: none; stroke: #4a5561; stroke-width: 1.4; marker-end: url(#head); }
            .dropped { stroke: #8a94a0; stroke-dasharray: 4 3; }
            .head { fill: #4a5561; }
            .made { fill: #1b5fb4; stroke: #1b5fb4; stroke-width: 2; }
            .applied { fill: #1f2933; stroke: #1f2933; stroke-width: 2; }
            .buffered { fill: #ffffff; stroke: #b8620b; stroke-width: 2.5; }
            .progress { fill: #1f2933; }
            .client { fill: #ffffff; stroke: #1b5fb4; stroke-width: 1.6; }
            .stopped { stroke: #b3261e; stroke-width: 3; fill: none; }
            .started { stroke: #1f2933; stroke-width: 3; }
            .fault { fill: #b3261e; }
            .drop { stroke: #66707c; stroke-width: 2; fill: none; }
            """;

    private SvgSigns() {}

    static void draw(SvgPage page, Scene.Mark mark, double x, double y) {
        switch (mark) {
            case MADE -> page.draw("circle", "class", "made", "cx", x, "cy", y, "r", 5.0);
            case APPLIED -> page.draw("circle", "class", "applied", "cx", x, "cy", y, "r", 4.5);
            case PROGRESS -> page.draw("circle", "class", "progress", "cx", x, "cy", y, "r", 2.5);
            case CLIENT -> page.draw("path", "class", "client", "d", move(x, y - 5) + "l5 5 l-5 5 l-5 -5 z");
            case STOPPED -> cross(page, "stopped", x, y, 7);
            case STARTED -> page.draw("line", "class", "started", "x1", x - 7, "y1", y, "x2", x + 7, "y2", y);
            case FAULT -> page.draw("path", "class", "fault", "d", move(x, y - 6) + "l6 11 l-12 0 z");
        }
    }

    static void draw(SvgPage page, Scene.Fate fate, double x, double y) {
        switch (fate) {
            case DELIVERED -> draw(page, Scene.Mark.APPLIED, x, y);
            case BUFFERED -> page.draw("circle", "class", "buffered", "cx", x, "cy", y, "r", 5.0);
            case DROPPED -> cross(page, "drop", x, y, 4);
        }
    }

    private static void cross(SvgPage page, String kind, double x, double y, int reach) {
        int whole = 2 * reach;
        String path =
                move(x - reach, y - reach) + "l" + whole + " " + whole + " m-" + whole + " 0 l" + whole + " -" + whole;
        page.draw("path", "class", kind, "d", path);
    }

    private static String move(double x, double y) {
        return "M" + Math.round(x) + " " + Math.round(y) + " ";
    }

    static String meaning(Scene.Mark mark) {
        return switch (mark) {
            case MADE -> "update made";
            case APPLIED -> "update applied";
            case PROGRESS -> "stored, visible to readers and peers";
            case CLIENT -> "client";
            case STOPPED -> "process ends";
            case STARTED -> "process begins";
            case FAULT -> "fault";
        };
    }

    static String meaning(Scene.Fate fate) {
        return switch (fate) {
            case DELIVERED -> meaning(Scene.Mark.APPLIED);
            case BUFFERED -> "buffered, thick line until applied";
            case DROPPED -> "dropped";
        };
    }
}
