package dev.hence.simulator.scenario;

import dev.hence.simulator.world.Network;
import java.util.List;

/**
 * What does not change during a run.
 *
 * @param fsync the policy of each node; there are as many nodes as entries
 * @param peers for each node, the nodes that it is configured to follow
 * @param clients how many clients there are
 * @param bufferUpdatesMax how many updates a node buffers of one origin
 * @param chunkUpdatesMax how many updates travel in one message at most
 * @param windowMessages how many messages of a feed may be under way before the source has to wait
 * @param delays the delays of messages
 * @param repliesLost how many answers to clients are lost, from 0 to 1
 * @param clocks what nodes make of wall clocks
 * @param faultsEndMillis when faults end: from here the cluster has to become equal
 */
public record Settings(
        List<FsyncPolicy> fsync,
        List<List<Integer>> peers,
        int clients,
        int bufferUpdatesMax,
        int chunkUpdatesMax,
        int windowMessages,
        Network.Delays delays,
        double repliesLost,
        ClockRules clocks,
        long faultsEndMillis) {
    /** Copies the lists. */
    public Settings {
        fsync = List.copyOf(fsync);
        peers = List.copyOf(peers);
    }

    /** Settings without rules for wall clocks. */
    public Settings(
            List<FsyncPolicy> fsync,
            List<List<Integer>> peers,
            int clients,
            int bufferUpdatesMax,
            int chunkUpdatesMax,
            int windowMessages,
            Network.Delays delays,
            double repliesLost,
            long faultsEndMillis) {
        this(
                fsync,
                peers,
                clients,
                bufferUpdatesMax,
                chunkUpdatesMax,
                windowMessages,
                delays,
                repliesLost,
                ClockRules.NONE,
                faultsEndMillis);
    }

    /** The name of a node, by its number from 0. */
    public static String nodeName(int number) {
        return "node" + (number + 1);
    }

    /** The number of nodes. */
    public int nodes() {
        return fsync.size();
    }
}
