package dev.hence.simulator.scenario;

import dev.hence.simulator.world.Network;
import java.util.List;

/**
 * The constant settings of a run.
 *
 * @param fsync the policy of each node; one entry per node
 * @param peers for each node, its configured peers
 * @param clients the number of clients
 * @param bufferUpdatesMax the maximum number of updates that a node buffers of one origin
 * @param chunkFramesMax about how many frames of updates a message has at most
 * @param windowMessages the maximum number of messages of a feed in flight; then the source waits
 * @param delays the delays of messages
 * @param repliesLost the share of answers to clients that are lost, from 0 to 1
 * @param clocks the settings for wall clocks
 * @param trimsLogs whether nodes delete from the front of their logs what every member has stored
 * @param faultsEndMillis when faults end: from here on the cluster must converge
 */
public record Settings(
        List<FsyncPolicy> fsync,
        List<List<Integer>> peers,
        int clients,
        int bufferUpdatesMax,
        int chunkFramesMax,
        int windowMessages,
        Network.Delays delays,
        double repliesLost,
        ClockRules clocks,
        boolean trimsLogs,
        long faultsEndMillis) {
    /** Copies the lists. */
    public Settings {
        fsync = List.copyOf(fsync);
        peers = List.copyOf(peers);
    }

    /** Settings without rules for wall clocks, and with whole logs. */
    public Settings(
            List<FsyncPolicy> fsync,
            List<List<Integer>> peers,
            int clients,
            int bufferUpdatesMax,
            int chunkFramesMax,
            int windowMessages,
            Network.Delays delays,
            double repliesLost,
            long faultsEndMillis) {
        this(
                fsync,
                peers,
                clients,
                bufferUpdatesMax,
                chunkFramesMax,
                windowMessages,
                delays,
                repliesLost,
                ClockRules.NONE,
                false,
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
