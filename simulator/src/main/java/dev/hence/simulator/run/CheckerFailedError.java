package dev.hence.simulator.run;

import dev.hence.simulator.trace.Event;

/** A checker could not make sense of an event: the mistake is the simulator's. */
final class CheckerFailedError extends Error {
    private static final long serialVersionUID = 1L;

    CheckerFailedError(Event event, RuntimeException mistake) {
        super("a checker failed at " + event, mistake);
    }
}
