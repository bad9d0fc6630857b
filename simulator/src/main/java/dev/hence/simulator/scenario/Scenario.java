package dev.hence.simulator.scenario;

import java.util.List;

/**
 * The complete input of a run. The same scenario gives the same run, event for event.
 *
 * @param profile the name of the profile that generated it
 * @param seed the seed it was generated from; random choices that are not part of the steps, such as message delays,
 *     depend on it as well
 */
public record Scenario(String profile, long seed, Settings settings, List<Step> steps) {
    /** Copies the list. */
    public Scenario {
        steps = List.copyOf(steps);
    }

    /** Returns the same cluster with other steps. */
    public Scenario with(List<Step> otherSteps) {
        return new Scenario(profile, seed, settings, otherSteps);
    }
}
