package dev.hence.simulator.check;

import dev.hence.simulator.trace.Event;
import java.util.List;

/** All promises of Hence, watched over one run. */
public final class Checkers implements Checker {
    private final GroundTruth truth = new GroundTruth();
    private final List<Checker> checkers = List.of(
            new DotChecker(truth),
            new CausalDeliveryChecker(truth),
            new DurabilityChecker(truth),
            new MeaningChecker(truth),
            new SessionGuaranteeChecker(truth),
            new StabilityChecker(truth),
            new BoundsChecker(truth),
            new AssertionChecker(truth),
            new ConvergenceChecker(truth));

    @Override
    public void observe(Event event) {
        truth.observe(event);
        for (Checker checker : checkers) {
            checker.observe(event);
        }
    }
}
