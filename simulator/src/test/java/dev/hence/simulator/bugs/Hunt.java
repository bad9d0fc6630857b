package dev.hence.simulator.bugs;

import dev.hence.simulator.check.Violation;
import dev.hence.simulator.run.Promises;
import dev.hence.simulator.run.Simulation;
import dev.hence.simulator.scenario.Profile;
import java.util.function.BiFunction;

/** Runs one seed; profile, seed and violation are plain values, so that it can be asked across class loaders. */
public final class Hunt implements BiFunction<String, Long, String> {
    /** The violation of a seed of a profile, or of the seed's own if that is empty; empty if there is none. */
    @Override
    public String apply(String profile, Long seed) {
        Profile chosen = Profile.named(profile).orElseGet(() -> Profile.ofSeed(seed));
        Violation violation = Simulation.run(chosen.scenario(seed), new Promises());
        return violation == null ? "" : String.valueOf(violation.getMessage());
    }
}
