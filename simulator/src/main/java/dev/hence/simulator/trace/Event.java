package dev.hence.simulator.trace;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event in a simulated cluster. Events are in the order of virtual time; within one moment, causes come first.
 *
 * <p>Nodes are numbered from 0; their names are {@code node1}, {@code node2} and so on.
 */
public sealed interface Event {
    /** Virtual time since the start of the simulation, in microseconds. */
    long atMicros();

    /**
     * The first event.
     *
     * @param nodes their names
     * @param alwaysSynced for each node, whether it forces every write to its disk before any other process learns of
     *     it
     */
    record Began(long atMicros, List<String> nodes, List<Boolean> alwaysSynced, Bounds bounds) implements Event {}

    /**
     * Limits that must never be exceeded.
     *
     * @param bufferUpdates the maximum number of updates that a node buffers of one origin, at least those of a frame
     * @param clocks the limits on the effects of wrong clocks; null for no limits
     */
    record Bounds(int bufferUpdates, @Nullable ClockBounds clocks) {
        /** Bounds for a run without limits on wrong clocks. */
        public Bounds(int bufferUpdates) {
            this(bufferUpdates, null);
        }
    }

    /**
     * The limits on the effects of wrong wall clocks.
     *
     * @param startMillis the right time when the run began, in milliseconds since 1970
     * @param aheadMillisMax the maximum by which a timestamp may be ahead of a right clock
     * @param marginMillis the minimum time that a key stays after its deadline
     * @param peers for each node, those whose clocks it hears
     */
    record ClockBounds(long startMillis, long aheadMillisMax, long marginMillis, List<List<Integer>> peers) {
        /** Copies the list. */
        public ClockBounds {
            peers = List.copyOf(peers);
        }
    }

    // --- a node's process ---

    /**
     * A process starts on the content of its disk.
     *
     * @param replica the identity that it writes under
     * @param onDisk the updates that its disk holds, in the order of their delivery: exactly these are applied,
     *     stored and visible at that node now
     * @param clock the clock from which it resumes
     */
    record Started(long atMicros, int node, String replica, List<TracedUpdate> onDisk, Map<String, Long> clock)
            implements Event {}

    /** A node has detected that its storage has forked: other nodes have another update under a dot that it used. */
    record Forked(long atMicros, int node, String dot) implements Event {}

    /** A running process continues under another identity. */
    record Renewed(long atMicros, int node, String replica, String why) implements Event {}

    /** The process ends: its memory is lost. The node does nothing until it is started. */
    record Stopped(long atMicros, int node, Stop how) implements Event {}

    /** How a process ends. */
    enum Stop {
        /** Cleanly. */
        CLOSED,
        /** Killed; everything stored is kept. */
        KILLED,
        /** A force to the disk failed, and the process ended itself; everything stored is kept until a power loss. */
        FAILED,
        /** The machine lost power; updates stored since the last {@link Synced} may be lost. */
        POWER_LOST,
        /** The node found one of its own invariants broken, and stopped itself. */
        BROKEN
    }

    /**
     * Updates are no longer on the node's disk because of a fault. The node is stopped.
     *
     * @param regained updates that are on the disk again: a copy may be older than a loss
     */
    record DiskLost(long atMicros, int node, Loss how, List<TracedUpdate> lost, List<TracedUpdate> regained)
            implements Event {}

    /** Why updates may leave a disk. */
    enum Loss {
        /** Power was lost before they were forced to the disk. */
        UNSYNCED,
        /** The disk was replaced by an empty one. */
        WIPED,
        /** The disk was replaced by an older copy of it. */
        RESTORED,
        /** The disk was rolled back in place to an earlier state of itself, which the node cannot detect. */
        ROLLED_BACK,
        /** The disk was rolled back in place, and clients may write to the node before it has heard what is missing. */
        SET_BACK
    }

    // --- an update's life at a node ---

    /** A local write became an update. It is applied in the core, and not yet stored. */
    record Made(long atMicros, int node, TracedUpdate update) implements Event {}

    /** The update just made removes expired keys; no client requested it. */
    record Removed(long atMicros, int node, TracedUpdate update) implements Event {}

    /** An update came in from a peer. */
    record Received(long atMicros, int node, TracedUpdate update, int through, Receipt receipt) implements Event {}

    /** The outcome of a received update. */
    enum Receipt {
        DELIVERED,
        BUFFERED,
        DUPLICATE,
        REFUSED
    }

    /** An update of another node was delivered and applied in the core. It is not yet stored. */
    record Applied(long atMicros, int node, TracedUpdate update) implements Event {}

    /** All updates made and applied up to {@code upTo} (counted like {@link Started#onDisk}) are on the disk. */
    record Stored(long atMicros, int node, List<TracedUpdate> updates) implements Event {}

    /** Everything stored survives a power loss. */
    record Synced(long atMicros, int node) implements Event {}

    /**
     * Updates became visible to the node's readers and peers, all at once.
     *
     * @param updates those that were not visible before
     * @param clock the clock that readers get now
     */
    record Published(long atMicros, int node, List<TracedUpdate> updates, Map<String, Long> clock) implements Event {}

    /** The number of buffered updates of the origin with the most of them at a node. */
    record Buffering(long atMicros, int node, String replica, int updates) implements Event {}

    /** The node reports all updates up to this clock as causally stable. */
    record Stable(long atMicros, int node, Map<String, Long> clock) implements Event {}

    // --- clients ---

    record Asked(long atMicros, Request request) implements Event {}

    /**
     * The node executes a request now: a read sees exactly what is visible at the node at this moment.
     *
     * @param wallMillis the node's wall clock when it read
     */
    record Served(long atMicros, Request request, List<Contents> values, long wallMillis) implements Event {}

    /**
     * The node has found that the writes of a request change nothing.
     *
     * @param clock the updates applied when it found that
     * @param wallMillis its wall clock then
     */
    record Unchanged(long atMicros, Request request, Map<String, Long> clock, long wallMillis) implements Event {}

    /** The client learns the outcome. Every request is eventually answered. */
    record Answered(long atMicros, Request request, Outcome outcome) implements Event {}

    // --- faults ---

    /** A fault of the network, a clock or a process; {@code what} is a description for messages. */
    record Fault(long atMicros, @Nullable Integer node, Kind kind, String what) implements Event {}

    /** The kinds of injected faults. */
    enum Kind {
        CUT,
        DISTURBED,
        SLOWED,
        KILLED,
        FSYNC_FAILED,
        POWER_LOST,
        WIPED,
        RESTORED,
        ROLLED_BACK,
        CLOCK_CHANGED,
        PAUSED
    }

    /** A {@link Kind#CUT} of this node's links is over. */
    record Mended(long atMicros, int node, String what) implements Event {}

    /** The faults are over: links are restored, all nodes run. From here on the cluster must converge. */
    record Calmed(long atMicros) implements Event {}

    /**
     * A node at the end of the run.
     *
     * @param clock the updates that it has applied
     * @param values every key with any content, whether it has expired or not
     * @param buffered the updates that it still buffers
     */
    record Ended(
            long atMicros, int node, Map<String, Long> clock, Map<String, Contents> values, List<TracedUpdate> buffered)
            implements Event {}
}
