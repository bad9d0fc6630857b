package dev.hence.simulator.run;

import dev.hence.simulator.check.Violation;
import dev.hence.simulator.scenario.Scenario;
import dev.hence.simulator.trace.Event;
import java.util.List;

/**
 * A broken promise, and the scenario that breaks it.
 *
 * @param scenario the scenario of the seed, or a smaller one that breaks the same promise
 * @param events what happened, up to the violation
 */
public record Finding(Scenario scenario, Violation violation, List<Event> events) {
    /** Copies the list. */
    public Finding {
        events = List.copyOf(events);
    }
}
