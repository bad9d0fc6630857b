package dev.hence.node.peers;

import java.util.List;
import java.util.Optional;

/**
 * The links from peers to this node, as a teacher or a test may disturb them: only on nodes that were
 * started as a lab.
 *
 * <p>Thread-safe.
 */
public interface FaultInjector {

    /** What a link does with the updates that come through it. */
    enum Mode {
        /** Hands them on. */
        OPEN,
        /** Keeps them; the connection lives on and heartbeats pass. */
        HOLD,
        /** Hands each on after a time. */
        DELAY,
        /** Hands updates that arrive close together on in reverse order. */
        REORDER,
        /** Closes the connection and makes no new one. */
        CUT
    }

    /**
     * One link.
     *
     * @param from the node at its other end
     * @param delayMillis how long updates are kept in mode {@code DELAY}, otherwise 0
     * @param held how many updates are in it now
     */
    record Link(String from, Mode mode, int delayMillis, int held) {}

    /** All links, in the order of names. */
    List<Link> links();

    /**
     * Changes a link; what it held in its former mode goes on by the new one.
     *
     * @return the link; empty if there is none from that node
     */
    Optional<Link> set(String from, Mode mode, int delayMillis);
}
