package dev.hence.simulator.check;

import dev.hence.simulator.trace.Event;

/** A checker of one promise: observes the events of one run, in their order. */
@FunctionalInterface
public interface Checker {
    /**
     * Observes an event.
     *
     * @throws Violation if the event breaks the promise
     */
    void observe(Event event);

    /** Returns a checker that applies this one first and the next one after it. */
    default Checker then(Checker next) {
        return event -> {
            observe(event);
            next.observe(event);
        };
    }
}
