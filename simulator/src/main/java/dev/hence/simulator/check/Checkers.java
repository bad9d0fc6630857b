package dev.hence.simulator.check;

import dev.hence.simulator.trace.Event;

/**
 * The checkers of all promises of Hence, over one run.
 *
 * <p>The order matters only for messages: if one event breaks several promises, the cause is reported rather than its
 * consequences. The checkers are fields and not a list, because calls that the compiler can inline account for most of
 * the speed of short runs.
 */
public final class Checkers implements Checker {
    private final GroundTruth truth = new GroundTruth();
    private final AssertionChecker assertions = new AssertionChecker(truth);
    private final DotChecker dots = new DotChecker(truth);
    private final CausalDeliveryChecker causalDelivery = new CausalDeliveryChecker(truth);
    private final DurabilityChecker durability = new DurabilityChecker(truth);
    private final Meaning definition = new Meaning(truth);
    private final MeaningChecker meaning = new MeaningChecker(truth, definition);
    private final CommandChecker commands = new CommandChecker(truth, definition);
    private final SessionGuaranteeChecker sessions = new SessionGuaranteeChecker(truth);
    private final StabilityChecker stability = new StabilityChecker(truth);
    private final ClockChecker clocks = new ClockChecker(truth, definition);
    private final BoundsChecker bounds = new BoundsChecker(truth);
    private final ConvergenceChecker convergence = new ConvergenceChecker(truth);

    /** Whether a dot may name two updates: promises that depend on dots and on convergence do not apply then. */
    private boolean setBack;

    @Override
    public void observe(Event event) {
        setBack |= event instanceof Event.DiskLost lost && lost.how() == Event.Loss.SET_BACK;
        truth.observe(event);
        assertions.observe(event);
        dots.observe(event);
        causalDelivery.observe(event);
        if (!setBack) {
            durability.observe(event);
        }
        meaning.observe(event);
        commands.observe(event);
        if (setBack) {
            return;
        }
        sessions.observe(event);
        stability.observe(event);
        clocks.observe(event);
        bounds.observe(event);
        convergence.observe(event);
    }
}
