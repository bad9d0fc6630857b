package dev.hence.simulator.diagram;

/**
 * An arrow from one lane to another, all in pixels.
 *
 * @param bend how far its control point is below the straight line; 0 for a straight arrow
 */
record SvgArrow(double x1, double y1, double x2, double y2, double bend) {
    /** Space between the tip and the middle of the sign that it points at. */
    private static final double TIP = 6;

    SvgArrow bent(double pixels) {
        return new SvgArrow(x1, y1, x2, y2, pixels);
    }

    /** Returns the y coordinate at which the arrow crosses the lane at {@code x}: a quadratic Bezier curve. */
    double heightAt(double x) {
        double part = (x - x1) / (x2 - x1);
        return y1 + (y2 - y1) * part + 2 * part * (1 - part) * bend;
    }

    void draw(SvgPage page, String kind) {
        double pullX = (x1 + x2) / 2;
        double pullY = (y1 + y2) / 2 + bend;
        double away = TIP / Math.hypot(x2 - pullX, y2 - pullY);
        double tipX = x2 - (x2 - pullX) * away;
        double tipY = y2 - (y2 - pullY) * away;
        String path = "M%d %d Q%d %d %d %d"
                .formatted(
                        Math.round(x1),
                        Math.round(y1),
                        Math.round(pullX),
                        Math.round(pullY),
                        Math.round(tipX),
                        Math.round(tipY));
        page.draw("path", "class", kind, "d", path);
    }
}
