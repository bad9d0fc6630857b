package dev.hence.simulator.check;

import dev.hence.simulator.trace.Event;

/**
 * Assertions: no node ever finds one of its own invariants broken. The core's assertions are always on; a failing one
 * stops the node, and without this checker a restart would hide the bug.
 */
final class AssertionChecker implements Checker {
    private final GroundTruth truth;

    AssertionChecker(GroundTruth truth) {
        this.truth = truth;
    }

    @Override
    public void observe(Event event) {
        if (event instanceof Event.Stopped stopped && stopped.how() == Event.Stop.BROKEN) {
            throw GroundTruth.broken(
                    "assertions",
                    event,
                    truth.node(stopped.node()).name + " stopped because an invariant of its own is broken");
        }
    }
}
