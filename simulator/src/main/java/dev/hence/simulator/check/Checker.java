package dev.hence.simulator.check;

import dev.hence.simulator.trace.Event;

/** Watches the events of one run, in their order, for one promise. */
@FunctionalInterface
public interface Checker {
    /**
     * Records an event.
     *
     * @throws Violation if the promise is broken by it
     */
    void observe(Event event);

    /** Watches with this one first and with the next then. */
    default Checker then(Checker next) {
        return event -> {
            observe(event);
            next.observe(event);
        };
    }
}
