package dev.hence.simulator.scenario;

import java.util.List;

/**
 * All that a run depends on. The same scenario gives the same run, event for event.
 *
 * @param profile the name of the profile it was made by
 * @param seed what the profile made it from; luck that is not part of the steps, such as the delay of each message,
 *     depends on it too
 */
public record Scenario(String profile, long seed, Settings settings, List<Step> steps) {
    /** Copies the list. */
    public Scenario {
        steps = List.copyOf(steps);
    }

    /** The same cluster with other steps. */
    public Scenario with(List<Step> otherSteps) {
        return new Scenario(profile, seed, settings, otherSteps);
    }
}
