package dev.hence.simulator.run;

import dev.hence.simulator.check.Violation;
import dev.hence.simulator.node.Cluster;
import dev.hence.simulator.node.Machine;
import dev.hence.simulator.node.NodeProcess;
import java.util.List;

/**
 * Nodes that have other updates under the same names, because a disk was set back and written to. They cannot become
 * equal; what is expected is that both sides show it, and that the node that gave the names twice has stopped writing.
 */
final class Apart {
    private static final String PROMISE = "forks are shown";

    private Apart() {}

    /** Whether there are such nodes, and all who meet one another know. */
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

    /** Refuses nodes that are apart and do not show it; it does nothing if there are none. */
    static void require(Cluster cluster) {
        for (Machine one : cluster.machines()) {
            for (Machine other : cluster.machines()) {
                if (differ(one, other) && !missing(one, other).isEmpty()) {
                    throw new Violation(PROMISE, missing(one, other));
                }
            }
        }
    }

    /** Whether two nodes of which one follows the other have different updates under one name. */
    private static boolean differ(Machine one, Machine other) {
        NodeProcess here = one.process();
        NodeProcess there = other.process();
        List<List<Integer>> peers = one.peers();
        boolean linked = peers.get(one.number()).contains(other.number())
                || peers.get(other.number()).contains(one.number());
        return linked && here != null && there != null && here.hasOtherThan(there);
    }

    /** What one of two nodes that are apart does not know; empty if it knows all. */
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
