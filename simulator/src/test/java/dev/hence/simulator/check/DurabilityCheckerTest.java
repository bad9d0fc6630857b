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

final class DurabilityCheckerTest {
    private static final String PROMISE = "durability";

    private final TraceBuilder cluster = Checked.cluster(2, DurabilityChecker::new);
    private final TraceBuilder lazy = Checked.cluster(2, false, DurabilityChecker::new);

    @Test
    void observe_acknowledgedAndKeptThroughCrash_passes() {
        TracedUpdate update = cluster.writeIn("", 0, "x=1");
        cluster.stop(0, Event.Stop.POWER_LOST);
        cluster.start(0, replica(0, 1));
        cluster.deliver(1, update);
        cluster.end();
    }

    @Test
    void observe_unsyncedTailLostUnderOtherPolicy_isExcused() {
        writeUnsyncedAndLose(lazy);
        lazy.start(0, replica(0, 2));
        lazy.end();
    }

    @Test
    void observe_onlyDiskWiped_isExcused() {
        TracedUpdate update = cluster.writeIn("", 0, "x=1");
        cluster.stop(0, Event.Stop.KILLED);
        cluster.lose(0, Event.Loss.WIPED, update);
        cluster.start(0, replica(0, 2));
        cluster.end();
    }

    @Test
    void observe_answerThatArrivesAfterTheOnlyDiskWasWiped_passes() {
        Request request = cluster.ask("", 0, List.of(), "x=1");
        cluster.serve(request);
        TracedUpdate update = cluster.write(0, "x=1");
        cluster.stop(0, Event.Stop.KILLED);
        cluster.lose(0, Event.Loss.WIPED, update);
        cluster.answer(request, List.of(), update);
        cluster.start(0, replica(0, 2));
        cluster.end();
    }

    @Test
    void observe_acknowledgedAndMissingInTheEnd_isBroken() {
        TracedUpdate update = cluster.writeIn("", 0, "x=1");
        assertBroken(PROMISE, cluster::end, "node2 ended without " + update.dot());
    }

    @Test
    void observe_lostOnOneDiskWhileAnotherHasIt_isBrokenIfItVanishes() {
        TracedUpdate update = cluster.writeIn("", 0, "x=1");
        cluster.deliver(1, update);
        cluster.stop(0, Event.Stop.KILLED);
        cluster.lose(0, Event.Loss.WIPED, update);
        cluster.start(0, replica(0, 2));
        assertBroken(PROMISE, cluster::end, "node1 ended without " + update.dot());
    }

    @Test
    void observe_acknowledgedBeforeStored_isBroken() {
        Request request = cluster.ask("", 0, List.of(), "x=1");
        TracedUpdate update = cluster.make(0, "x=1");
        assertBroken(
                PROMISE,
                () -> cluster.answer(request, List.of(), update),
                update.dot(),
                "acknowledged before it was stored");
    }

    @Test
    void observe_publishedBeforeStored_isBroken() {
        TracedUpdate update = cluster.make(0, "x=1");
        assertBroken(PROMISE, () -> cluster.publish(0, update), "published before it was stored at node1");
    }

    @Test
    void observe_sentBeforeStored_isBroken() {
        TracedUpdate update = cluster.make(0, "x=1");
        assertBroken(
                PROMISE,
                () -> cluster.receive(1, update, Event.Receipt.DELIVERED),
                "sent to a peer before it was stored at node1");
    }

    @Test
    void observe_relayedBeforeStored_isBroken() {
        TracedUpdate update = cluster.write(0, "x=1");
        cluster.apply(1, update);
        assertBroken(
                PROMISE,
                () -> cluster.emit(new Event.Received(9, 0, update, 1, Event.Receipt.DUPLICATE)),
                "before it was stored at node2");
    }

    @Test
    void observe_publishedBeforeForcedUnderAlways_isBroken() {
        TracedUpdate update = cluster.make(0, "x=1");
        cluster.storeUnsynced(0, update);
        assertBroken(PROMISE, () -> cluster.publish(0, update), "published before it was forced to the disk of node1");
    }

    @Test
    void observe_acknowledgedBeforeForcedUnderAlways_isBroken() {
        Request request = cluster.ask("", 0, List.of(), "x=1");
        TracedUpdate update = cluster.make(0, "x=1");
        cluster.storeUnsynced(0, update);
        assertBroken(PROMISE, () -> cluster.answer(request, List.of(), update), "acknowledged before it was forced");
    }

    @Test
    void observe_forcedUpdateLostWithPower_isBroken() {
        TracedUpdate update = lazy.write(0, "x=1");
        lazy.stop(0, Event.Stop.POWER_LOST);
        assertBroken(PROMISE, () -> lazy.lose(0, Event.Loss.UNSYNCED, update), "a power loss took " + update.dot());
    }

    @Test
    void observe_startWithoutWhatWasStored_isBroken() {
        TracedUpdate update = cluster.write(0, "x=1");
        cluster.stop(0, Event.Stop.KILLED);
        assertBroken(PROMISE, () -> cluster.start(0, replica(0, 1), List.of()), "without " + update.dot());
    }

    @Test
    void observe_startWithWhatWasNotStored_isBroken() {
        TracedUpdate update = cluster.make(0, "x=1");
        cluster.stop(0, Event.Stop.KILLED);
        assertBroken(PROMISE, () -> cluster.start(0, replica(0, 1), List.of(update)), "not stored there");
    }

    private static void writeUnsyncedAndLose(TraceBuilder cluster) {
        Request request = cluster.ask("", 0, List.of(), "x=1");
        cluster.serve(request);
        TracedUpdate update = cluster.make(0, "x=1");
        cluster.storeUnsynced(0, update);
        cluster.publish(0, Map.of(update.replica(), 1L), update);
        cluster.answer(request, List.of(), update);
        cluster.stop(0, Event.Stop.POWER_LOST);
        cluster.lose(0, Event.Loss.UNSYNCED, update);
    }
}
