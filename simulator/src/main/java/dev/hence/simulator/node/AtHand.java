package dev.hence.simulator.node;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.delivery.BufferedUpdate;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Update;
import dev.hence.simulator.check.Violation;
import java.util.List;
import java.util.stream.Stream;

/**
 * The check of a stream that has had no room for a long time. Another request would often help, and hide the mistake by
 * which it waits. So when the faults have been over for a while, it may only wait for updates that no node has.
 */
final class AtHand {
    private static final long SETTLED_MILLIS = 2_000;

    private AtHand() {}

    /**
     * Requires that no node has what frames wait for, nor what the buffered updates of their origin wait for.
     *
     * @throws Violation if one has it
     */
    static void requireNothing(NodeProcess process, List<Frame> frames) {
        if (!process.machine().isCalmSince(process.millis() - SETTLED_MILLIS)) {
            return;
        }
        Stream<Update> waiting = Stream.concat(
                frames.stream().flatMap(frame -> frame.updates().stream()),
                process.replica().buffered(Integer.MAX_VALUE).stream().map(BufferedUpdate::update));
        VersionVector clock = process.clock();
        waiting.filter(update -> update.dot().replica().equals(frames.getFirst().origin()))
                .filter(update -> !clock.contains(update.dot()))
                .forEach(update -> requireLacking(process, update.context()));
    }

    private static void requireLacking(NodeProcess waiting, VersionVector context) {
        for (Machine machine : waiting.cluster().machines()) {
            NodeProcess process = machine.process();
            if (process != null && process.clock().join(waiting.clock()).descends(context)) {
                throw new Violation(
                        "liveness",
                        waiting.machine().name() + " with " + waiting.clock() + " still waits for " + context
                                + ", which " + machine.name() + " has");
            }
        }
    }
}
