package dev.hence.simulator.check;

import dev.hence.simulator.trace.Event;

/**
 * Assertions: no node ever finds that an invariant of its own is broken. The core's assertions stay on; one that
 * fails stops the node, and restarting it would otherwise hide the mistake.
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
