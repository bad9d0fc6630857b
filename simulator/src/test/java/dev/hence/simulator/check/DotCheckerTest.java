package dev.hence.simulator.check;

import static dev.hence.simulator.check.Checked.assertBroken;
import static dev.hence.simulator.trace.TraceBuilder.replica;

import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.trace.TraceBuilder;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DotCheckerTest {
    private static final String PROMISE = "unique dots";

    private final TraceBuilder cluster = Checked.cluster(2, false, DotChecker::new);

    @Test
    void observe_writesRestartsAndRenewal_passes() {
        TracedUpdate update = cluster.write(0, "x=1");
        cluster.deliver(1, update);
        cluster.stop(0, Event.Stop.KILLED);
        cluster.start(0, replica(0, 1));
        cluster.write(0, "x=2");
        cluster.renew(0, replica(0, 2));
        cluster.write(0, "x=3");
    }

    @Test
    void observe_lostBeforeAnybodyKnew_mayBeMadeAgain() {
        cluster.make(0, "x=1");
        cluster.stop(0, Event.Stop.KILLED);
        cluster.start(0, replica(0, 1));
        TracedUpdate again = cluster.write(0, "x=2");
        cluster.deliver(1, again);
    }

    @Test
    void observe_receivedThenLostAndMadeAgain_isBroken() {
        TracedUpdate first = cluster.make(0, "x=1");
        cluster.storeUnsynced(0, first);
        cluster.receive(1, first, Event.Receipt.DELIVERED);
        cluster.stop(0, Event.Stop.POWER_LOST);
        cluster.lose(0, Event.Loss.UNSYNCED, first);
        cluster.start(0, replica(0, 1));
        assertBroken(PROMISE, () -> cluster.write(0, "x=2"), first.dot() + " {x=1}", first.dot() + " {x=2}");
    }

    @Test
    void observe_acknowledgedThenLostAndMadeAgain_isBroken() {
        Request request = cluster.ask("", 0, List.of(), "x=1");
        TracedUpdate first = cluster.make(0, "x=1");
        cluster.answer(request, List.of(), first);
        cluster.stop(0, Event.Stop.KILLED);
        cluster.start(0, replica(0, 1));
        assertBroken(PROMISE, () -> cluster.write(0, "x=2"), "both were exposed");
    }

    @Test
    void observe_counterThatSkips_isBroken() {
        assertBroken(PROMISE, () -> cluster.make(0, replica(0, 1), 2, Map.of(), 1, "x=1"), "expected: the counter 1");
    }

    @Test
    void observe_updateUnderAnotherIdentity_isBroken() {
        assertBroken(PROMISE, () -> cluster.make(0, replica(0, 2), 1, Map.of(), 1, "x=1"), "expected: one of");
    }

    @Test
    void observe_startUnderIdentityOfAnotherNode_isBroken() {
        cluster.stop(1, Event.Stop.CLOSED);
        assertBroken(PROMISE, () -> cluster.start(1, replica(0, 1)), "node2 writes as " + replica(0, 1));
    }

    @Test
    void observe_renewedUnderAnIdentityInUse_isBroken() {
        assertBroken(PROMISE, () -> cluster.renew(0, replica(0, 1)), "in use before");
    }

    @Test
    void observe_oldIdentityBackWithoutItsUpdates_isBroken() {
        TracedUpdate update = cluster.write(0, "x=1");
        cluster.stop(0, Event.Stop.KILLED);
        cluster.lose(0, Event.Loss.WIPED, update);
        cluster.start(0, replica(0, 2));
        cluster.stop(0, Event.Stop.KILLED);
        assertBroken(PROMISE, () -> cluster.start(0, replica(0, 1)), "remembers 0 updates of it (expected: 1");
    }
}
