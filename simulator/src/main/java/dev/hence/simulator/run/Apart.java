package dev.hence.simulator.run;

import dev.hence.simulator.check.Violation;
import dev.hence.simulator.node.Cluster;
import dev.hence.simulator.node.Machine;
import dev.hence.simulator.node.NodeProcess;
import java.util.List;

/**
 * Diverged nodes: they have different updates under the same dots, because a disk was rolled back and written to. They
 * cannot converge; instead both sides must report it, and the node that reused the dots must have stopped writing.
 */
final class Apart {
    private static final String PROMISE = "forks are shown";

    private Apart() {}

    /** Whether there are such nodes, and all connected pairs know. */
    static boolean isShown(Cluster cluster) {
        boolean apart = false;
        for (Machine one : cluster.machines()) {
            NodeProcess process = one.process();
            apart |= process != null && process.hasForked();
            for (Machine other : cluster.machines()) {
                if (differ(one, other)) {
                    apart = true;
                    if (!missing(one, other).isEmpty()) {
                        return false;
                    }
                }
            }
        }
        return apart;
    }

    /** Fails if diverged nodes do not report it; does nothing if there are none. */
    static void require(Cluster cluster) {
        for (Machine one : cluster.machines()) {
            for (Machine other : cluster.machines()) {
                if (differ(one, other) && !missing(one, other).isEmpty()) {
                    throw new Violation(PROMISE, missing(one, other));
                }
            }
        }
    }

    /** Whether two nodes, one of which follows the other, have different updates under one dot. */
    private static boolean differ(Machine one, Machine other) {
        NodeProcess here = one.process();
        NodeProcess there = other.process();
        List<List<Integer>> peers = one.peers();
        boolean linked = peers.get(one.number()).contains(other.number())
                || peers.get(other.number()).contains(one.number());
        return linked && here != null && there != null && here.hasOtherThan(there);
    }

    /** What one of two diverged nodes does not know; empty if it knows everything. */
    private static String missing(Machine one, Machine other) {
        NodeProcess here = one.process();
        NodeProcess there = other.process();
        if (here == null || there == null) {
            return "";
        }
        if (!here.showsFork(there)) {
            return one.name() + " does not show that " + other.name() + " has other updates under names that it knows";
        }
        return here.wroteOtherThan(there) && !here.hasForked()
                ? one.name() + " has given names twice, as " + other.name()
                        + " shows, and does not know that it has forked"
                : "";
    }
}
