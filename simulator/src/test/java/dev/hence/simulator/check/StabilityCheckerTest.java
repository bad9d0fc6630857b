package dev.hence.simulator.check;

import static dev.hence.simulator.check.Checked.assertBroken;
import static dev.hence.simulator.trace.TraceBuilder.clockOf;
import static dev.hence.simulator.trace.TraceBuilder.replica;

import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.TraceBuilder;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StabilityCheckerTest {
    private static final String PROMISE = "causal stability";

    private final TraceBuilder cluster = Checked.cluster(3, false, StabilityChecker::new);

    private TracedUpdate writtenEverywhere() {
        TracedUpdate update = cluster.write(0, "x=1");
        cluster.deliver(1, update);
        cluster.deliver(2, update);
        return update;
    }

    @Test
    void observe_durableEverywhereAndInAllPasts_passes() {
        TracedUpdate update = writtenEverywhere();
        cluster.stable(0, clockOf(List.of(update)));
        TracedUpdate later = cluster.write(1, "y=1");
        cluster.deliver(0, later);
        cluster.deliver(2, later);
        cluster.stable(0, clockOf(List.of(update, later)));
        cluster.stable(2, clockOf(List.of(update, later)));
    }

    @Test
    void observe_oneMemberDoesNotHaveIt_isBroken() {
        TracedUpdate update = cluster.write(0, "x=1");
        cluster.deliver(1, update);
        assertBroken(PROMISE, () -> cluster.stable(0, clockOf(List.of(update))), update.dot(), "node3");
    }

    @Test
    void observe_absentMemberDoesNotHaveIt_isBroken() {
        cluster.stop(2, Event.Stop.KILLED);
        TracedUpdate update = cluster.write(0, "x=1");
        cluster.deliver(1, update);
        assertBroken(PROMISE, () -> cluster.stable(0, clockOf(List.of(update))), "node3");
    }

    @Test
    void observe_oneMemberHasItUnsynced_isBroken() {
        TracedUpdate update = cluster.write(0, "x=1");
        cluster.deliver(1, update);
        cluster.receive(2, update, Event.Receipt.DELIVERED);
        cluster.apply(2, update);
        cluster.storeUnsynced(2, update);
        assertBroken(PROMISE, () -> cluster.stable(0, clockOf(List.of(update))), "node3 has not stored durably");
    }

    @Test
    void observe_notVisibleWhereItIsCalledStable_isBroken() {
        assertBroken(PROMISE, () -> cluster.stable(0, Map.of(replica(1, 1), 1L)), "not visible there itself");
    }

    @Test
    void observe_concurrentUpdateArrivesLater_isBrokenThoughAllHadIt() {
        TracedUpdate early = cluster.write(1, "y=1");
        TracedUpdate update = writtenEverywhere();
        cluster.stable(0, clockOf(List.of(update)));
        assertBroken(
                PROMISE, () -> cluster.receive(0, early, Event.Receipt.BUFFERED), early.dot(), update.dot(), "node1");
    }

    @Test
    void observe_concurrentUpdateAppliedFromBuffer_isBroken() {
        TracedUpdate early = cluster.write(1, "y=1");
        TracedUpdate update = writtenEverywhere();
        cluster.receive(0, early, Event.Receipt.BUFFERED);
        cluster.stable(0, clockOf(List.of(update)));
        assertBroken(PROMISE, () -> cluster.apply(0, early), early.dot(), update.dot());
    }

    @Test
    void observe_claimOfAnEarlierProcess_isForgotten() {
        TracedUpdate early = cluster.write(1, "y=1");
        TracedUpdate update = writtenEverywhere();
        cluster.stable(0, clockOf(List.of(update)));
        cluster.stop(0, Event.Stop.KILLED);
        cluster.start(0, replica(0, 1));
        cluster.deliver(0, early);
    }

    @Test
    void observe_wipedBeforeAnybodyCouldHear_passes() {
        TracedUpdate update = writtenEverywhere();
        cluster.stop(2, Event.Stop.KILLED);
        cluster.lose(2, Event.Loss.WIPED, update);
        cluster.start(2, replica(2, 2));
        cluster.stable(0, clockOf(List.of(update)));
    }

    @Test
    void observe_wipedAndHeardOf_isBroken() {
        TracedUpdate update = writtenEverywhere();
        cluster.stop(2, Event.Stop.KILLED);
        cluster.lose(2, Event.Loss.WIPED, update);
        cluster.start(2, replica(2, 2));
        TracedUpdate afterwards = cluster.write(2, "y=1");
        cluster.deliver(0, afterwards);
        assertBroken(PROMISE, () -> cluster.stable(0, clockOf(List.of(update))), "node3");
    }

    @Test
    void observe_writtenByANodeThatLostIt_passes() {
        TracedUpdate update = writtenEverywhere();
        cluster.stable(0, clockOf(List.of(update)));
        cluster.stop(2, Event.Stop.KILLED);
        cluster.lose(2, Event.Loss.WIPED, update);
        cluster.start(2, replica(2, 2));
        cluster.deliver(0, cluster.write(2, "y=1"));
    }

    @Test
    void observe_writtenBeforeItsOriginHadIt_isBrokenThoughTheOriginLostItSince() {
        TracedUpdate early = cluster.write(2, "y=1");
        TracedUpdate update = writtenEverywhere();
        cluster.stable(0, clockOf(List.of(update)));
        cluster.stop(2, Event.Stop.KILLED);
        cluster.lose(2, Event.Loss.WIPED, update);
        assertBroken(PROMISE, () -> cluster.receive(0, early, Event.Receipt.DELIVERED), early.dot());
    }

    @Test
    void receive_whatANodeWasSetBackBehind_passes() {
        TracedUpdate forgotten = cluster.write(2, "y=1");
        cluster.stop(2, Event.Stop.KILLED);
        cluster.lose(2, Event.Loss.ROLLED_BACK, forgotten);
        cluster.start(2, replica(2, 1));
        TracedUpdate update = writtenEverywhere();
        cluster.stable(2, clockOf(List.of(update)));
        cluster.receive(2, forgotten, Event.Receipt.BUFFERED);
    }

    @Test
    void receive_whatAnOldCopyBringsBackAfterAllHadLostIt_passes() {
        TracedUpdate lost = cluster.write(2, "y=1");
        cluster.stop(2, Event.Stop.KILLED);
        cluster.lose(2, Event.Loss.WIPED, lost);
        cluster.start(2, replica(2, 2));
        TracedUpdate update = writtenEverywhere();
        cluster.stable(0, clockOf(List.of(update)));
        cluster.receive(0, lost, Event.Receipt.DELIVERED);
    }

    @Test
    void receive_lostByAllDisksButStillBuffered_isBroken() {
        TracedUpdate lost = cluster.write(2, "y=1");
        cluster.receive(1, lost, Event.Receipt.BUFFERED);
        cluster.stop(2, Event.Stop.KILLED);
        cluster.lose(2, Event.Loss.WIPED, lost);
        cluster.start(2, replica(2, 2));
        TracedUpdate update = writtenEverywhere();
        cluster.stable(0, clockOf(List.of(update)));
        assertBroken(PROMISE, () -> cluster.receive(0, lost, Event.Receipt.DELIVERED), lost.dot(), update.dot());
    }
}
