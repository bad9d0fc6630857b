package dev.hence.simulator.bugs;

import dev.hence.simulator.check.Violation;
import dev.hence.simulator.run.Promises;
import dev.hence.simulator.run.Simulation;
import dev.hence.simulator.scenario.Profile;
import java.util.function.LongFunction;

/** Runs one seed; what it says of a violation is text, so that it can be asked for across class loaders. */
public final class Hunt implements LongFunction<String> {
    /** The violation of a seed; empty if there is none. */
    @Override
    public String apply(long seed) {
        Violation violation = Simulation.run(Profile.ofSeed(seed).scenario(seed), new Promises());
        return violation == null ? "" : String.valueOf(violation.getMessage());
    }
}
