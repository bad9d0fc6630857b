package dev.hence.node.peers;

import java.util.List;
import java.util.Optional;

/**
 * Fault injection on the links from peers to this node, for teaching and tests; only on nodes started as a lab.
 *
 * <p>Thread-safe.
 */
public interface FaultInjector {

    /** How a link treats the updates that arrive through it. */
    enum Mode {
        /** Passes them on. */
        OPEN,
        /** Holds them; the connection stays open and heartbeats pass. */
        HOLD,
        /** Passes each on after a delay. */
        DELAY,
        /** Passes updates that arrive close together on in reverse order. */
        REORDER,
        /** Closes the connection and opens no new one. */
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

    /** All links, ordered by name. */
    List<Link> links();

    /**
     * Changes a link; updates held in the previous mode follow the new one.
     *
     * @return the link; empty if there is none from that node
     */
    Optional<Link> set(String from, Mode mode, int delayMillis);
}
