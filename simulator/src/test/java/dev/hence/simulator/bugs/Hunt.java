package dev.hence.simulator.bugs;

import dev.hence.simulator.check.Violation;
import dev.hence.simulator.run.Promises;
import dev.hence.simulator.run.Simulation;
import dev.hence.simulator.scenario.Profile;
import java.util.function.BiFunction;

/** Runs one seed; profile, seed and violation are plain values, so that it can be called across class loaders. */
public final class Hunt implements BiFunction<String, Long, String> {
    /**
     * Returns the violation of a seed with a profile, or with the seed's own profile if the name is empty; empty if
     * there is none.
     */
    @Override
    public String apply(String profile, Long seed) {
        Profile chosen = Profile.named(profile).orElseGet(() -> Profile.ofSeed(seed));
        Violation violation = Simulation.run(chosen.scenario(seed), new Promises());
        return violation == null ? "" : String.valueOf(violation.getMessage());
    }
}
