package dev.hence.simulator.run;

import dev.hence.simulator.trace.Event;

/** Thrown when a checker cannot handle an event: a bug of the simulator. */
final class CheckerFailedError extends Error {
    private static final long serialVersionUID = 1L;

    CheckerFailedError(Event event, RuntimeException mistake) {
        super("a checker failed at " + event, mistake);
    }
}
