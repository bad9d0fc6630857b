package dev.hence.simulator.diagram;

import java.util.List;
import java.util.Locale;

/** The format of virtual time in a diagram: in milliseconds, with as many decimals as its scenes need. */
record Milliseconds(int decimals) {
    static Milliseconds of(List<Scene> scenes) {
        int decimals = 0;
        for (Scene scene : scenes) {
            long micros = scene.atMicros();
            int needed = micros % 1_000 == 0 ? 0 : micros % 100 == 0 ? 1 : micros % 10 == 0 ? 2 : 3;
            decimals = Math.max(decimals, needed);
        }
        return new Milliseconds(decimals);
    }

    String format(long micros) {
        return String.format(Locale.ROOT, "%." + decimals + "f", micros / 1_000.0);
    }
}
