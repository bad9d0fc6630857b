package dev.hence.simulator.trace;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened in a simulated cluster. Events come in the order of virtual time; of those of one
 * moment, causes come first.
 *
 * <p>Nodes are numbered from 0; their names are {@code node1}, {@code node2} and so on.
 */
public sealed interface Event {
    /** Virtual time since the start of the simulation, in microseconds. */
    long atMicros();

    /**
     * Comes first.
     *
     * @param nodes their names
     * @param alwaysSynced for each node, whether it forces every write to its disk before anybody learns of it
     */
    record Began(long atMicros, List<String> nodes, List<Boolean> alwaysSynced, Bounds bounds) implements Event {}

    /**
     * What must never be exceeded.
     *
     * @param bufferUpdates updates that a node may buffer of one origin
     * @param clocks what wrong clocks may do; null for anything
     */
    record Bounds(int bufferUpdates, @Nullable ClockBounds clocks) {
        /** Bounds for a run in which wrong clocks may do anything. */
        public Bounds(int bufferUpdates) {
            this(bufferUpdates, null);
        }
    }

    /**
     * What wrong wall clocks must never do.
     *
     * @param startMillis the right time when the run began, in milliseconds since 1970
     * @param aheadMillisMax how far a timestamp may be ahead of a clock that is right
     * @param marginMillis how long a key stays after its deadline
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
     * A process starts on what is on its disk.
     *
     * @param replica the identity that it writes under
     * @param onDisk the updates that its disk holds, in the order of their delivery: exactly these are applied,
     *     stored and visible at that node now
     * @param clock the clock that it goes on from
     */
    record Started(long atMicros, int node, String replica, List<TracedUpdate> onDisk, Map<String, Long> clock)
            implements Event {}

    /** A node has found that its storage has forked: others have another update under a name that it gave. */
    record Forked(long atMicros, int node, String dot) implements Event {}

    /** A running process goes on under another identity. */
    record Renewed(long atMicros, int node, String replica, String why) implements Event {}

    /** The process ends: what it had in memory is gone. Nothing happens at the node until it is started. */
    record Stopped(long atMicros, int node, Stop how) implements Event {}

    /** How a process ends. */
    enum Stop {
        /** In order. */
        CLOSED,
        /** Killed; all that was stored stays. */
        KILLED,
        /** The machine lost power; what was stored since the last {@link Synced} may be gone. */
        POWER_LOST,
        /** The node found that an invariant of its own is broken, and stopped itself. */
        BROKEN
    }

    /**
     * Updates are not on the node's disk any more, because of what was done to it. The node is stopped.
     *
     * @param regained updates that are on it again: a copy may be older than a loss
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
        /** The disk was set back in place to an earlier state of itself, which it cannot tell. */
        ROLLED_BACK,
        /** The same, and clients may write to the node before it has heard what is missing. */
        SET_BACK
    }

    // --- an update's life at a node ---

    /** A local write became an update. It is applied in the core, and not yet stored. */
    record Made(long atMicros, int node, TracedUpdate update) implements Event {}

    /** What was just made removes keys that have expired; no client asked for it. */
    record Removed(long atMicros, int node, TracedUpdate update) implements Event {}

    /** An update came in from a peer. */
    record Received(long atMicros, int node, TracedUpdate update, int through, Receipt receipt) implements Event {}

    /** What became of an update that came in. */
    enum Receipt {
        DELIVERED,
        BUFFERED,
        DUPLICATE,
        REFUSED
    }

    /** An update of another node was delivered and applied in the core. It is not yet stored. */
    record Applied(long atMicros, int node, TracedUpdate update) implements Event {}

    /** All that was made and applied up to {@code upTo} (counted like {@link Started#onDisk}) is on the disk. */
    record Stored(long atMicros, int node, List<TracedUpdate> updates) implements Event {}

    /** All that is stored survives a power loss. */
    record Synced(long atMicros, int node) implements Event {}

    /**
     * Updates became visible to the node's readers and peers, all at once.
     *
     * @param updates those that were not visible before
     * @param clock the clock that readers are given now
     */
    record Published(long atMicros, int node, List<TracedUpdate> updates, Map<String, Long> clock) implements Event {}

    /** How much a node buffers of the origin that it buffers most of. */
    record Buffering(long atMicros, int node, String replica, int updates) implements Event {}

    /** All updates up to this clock are said by the node to be causally stable. */
    record Stable(long atMicros, int node, Map<String, Long> clock) implements Event {}

    // --- clients ---

    record Asked(long atMicros, Request request) implements Event {}

    /**
     * The node carries a request out now: a read sees exactly what is visible at the node at this moment.
     *
     * @param wallMillis the node's wall clock when it read
     */
    record Served(long atMicros, Request request, List<Contents> values, long wallMillis) implements Event {}

    /**
     * The node has found that what a request is to write changes nothing.
     *
     * @param clock what was applied when it found that
     * @param wallMillis its wall clock then
     */
    record Unchanged(long atMicros, Request request, Map<String, Long> clock, long wallMillis) implements Event {}

    /** The client learns the outcome. Every request that was asked is answered at some time. */
    record Answered(long atMicros, Request request, Outcome outcome) implements Event {}

    // --- faults ---

    /** Something was done to the network, a clock or a process; {@code what} is for people. */
    record Fault(long atMicros, @Nullable Integer node, Kind kind, String what) implements Event {}

    /** The kinds of faults that are injected. */
    enum Kind {
        CUT,
        DISTURBED,
        SLOWED,
        KILLED,
        POWER_LOST,
        WIPED,
        RESTORED,
        ROLLED_BACK,
        CLOCK_CHANGED,
        PAUSED
    }

    /** What a {@link Kind#CUT} of this node's links did is over. */
    record Mended(long atMicros, int node, String what) implements Event {}

    /** The faults are over: links are mended, all nodes run. From here the cluster has to become equal. */
    record Calmed(long atMicros) implements Event {}

    /**
     * A node at the end of the run.
     *
     * @param clock what it has applied
     * @param values every key that holds anything, whether it has expired or not
     * @param buffered the updates that it still buffers
     */
    record Ended(
            long atMicros, int node, Map<String, Long> clock, Map<String, Contents> values, List<TracedUpdate> buffered)
            implements Event {}
}
