package dev.hence.simulator.run;

import dev.hence.property.Shrink;
import dev.hence.simulator.check.Checker;
import dev.hence.simulator.check.Violation;
import dev.hence.simulator.scenario.Scenario;
import dev.hence.simulator.scenario.Simpler;
import dev.hence.simulator.trace.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Searches for the smallest scenario that breaks the same promise: with fewer steps, in a smaller and quieter cluster.
 * Each candidate is run, so this takes as long as some hundred runs.
 */
public final class Minimizer {
    private final Supplier<Checker> checkers;
    private final String promise;

    private Minimizer(Supplier<Checker> checkers, String promise) {
        this.checkers = checkers;
        this.promise = promise;
    }

    /**
     * Returns the smallest scenario found.
     *
     * @param failing a scenario that breaks a promise
     * @param checkers new checkers for each run
     * @param broken the violation of that scenario
     */
    public static Finding minimize(Scenario failing, Supplier<Checker> checkers, Violation broken) {
        Minimizer minimizer = new Minimizer(checkers, broken.promise());
        Scenario smallest = failing;
        Scenario before;
        do {
            before = smallest;
            smallest = minimizer.simplerCluster(minimizer.fewerSteps(smallest));
        } while (smallest.steps().size() < before.steps().size());
        return minimizer.told(smallest, broken);
    }

    private Scenario fewerSteps(Scenario scenario) {
        return scenario.with(
                Shrink.byDeletion(scenario.steps(), steps -> breaks(scenario.with(steps), event -> {}) != null));
    }

    private Scenario simplerCluster(Scenario scenario) {
        Scenario simplest = scenario;
        for (Simpler simpler : Simpler.ALL) {
            Scenario candidate = simpler.of(simplest);
            if (!candidate.equals(simplest) && breaks(candidate, event -> {}) != null) {
                simplest = candidate;
            }
        }
        return simplest;
    }

    private @Nullable Violation breaks(Scenario scenario, Checker witness) {
        Violation violation = Simulation.run(scenario, witness.then(checkers.get()));
        return violation != null && violation.promise().equals(promise) ? violation : null;
    }

    private Finding told(Scenario scenario, Violation broken) {
        List<Event> events = new ArrayList<>();
        Violation violation = breaks(scenario, events::add);
        return new Finding(scenario, violation == null ? broken : violation, events);
    }
}
