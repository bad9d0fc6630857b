package dev.hence.core.replica;

import java.util.Optional;

/**
 * Decides whether a starting node may continue to write under the identity found in its storage.
 *
 * <p>It may only if its log is provably whole; otherwise it could reuse a dot. The proof is: the storage is the one it
 * wrote in (not a copy or a restored backup), and either it was closed cleanly, or every write was forced to the disk,
 * or the machine has not been rebooted since, so the operating system still had everything that the process wrote. None
 * of these is a proof if this start has dropped an unreadable end of the log.
 *
 * <p>When the proof fails the node takes a new incarnation: its earlier updates, on disk and at its peers, then belong
 * to another replica, and nothing is lost.
 */
public final class IdentityRule {
    private IdentityRule() {}

    /**
     * What a node finds at startup.
     *
     * @param sameStorage whether the storage is the one that the identity wrote in, not a copy of it
     * @param closedInOrder whether it was closed after its last write, with everything forced to the disk
     * @param everyWriteForced whether no write was acknowledged or published before it was forced to the disk
     * @param sameBoot whether the operating system has been running without a reboot since the last write
     * @param endDropped whether an end of the log was dropped that a crash of the process alone does not explain
     */
    public record Evidence(
            boolean sameStorage,
            boolean closedInOrder,
            boolean everyWriteForced,
            boolean sameBoot,
            boolean endDropped) {}

    /**
     * How a node that continues under its identity behaves until a peer has reported what it has seen of the node: a
     * storage that was rolled back in place as a whole carries all the proofs of its earlier state.
     */
    public enum Confirmation {
        /** The node writes at once. */
        NOT_NEEDED,
        /** The node waits briefly for a peer, and then writes in any case. */
        WANTED,
        /** The node waits briefly for a peer; if none answers it takes a new incarnation before it writes. */
        NEEDED
    }

    /**
     * Decides. A disk is rolled back while the machine is down, so after a reboot the disk alone is not trusted. The
     * cost is an entry in every clock when a machine boots while no peer is reachable, which is rare.
     */
    public static Confirmation confirmation(Evidence evidence) {
        if (!evidence.sameBoot()) {
            return Confirmation.NEEDED;
        }
        return evidence.closedInOrder() ? Confirmation.NOT_NEEDED : Confirmation.WANTED;
    }

    /** The reason why a new incarnation is needed, for messages; empty if the stored one may be continued. */
    public static Optional<String> whyRenew(Evidence evidence) {
        if (!evidence.sameStorage()) {
            return Optional.of("the data directory is a copy or was restored");
        }
        if (evidence.endDropped()) {
            return Optional.of("the end of its log could not be read");
        }
        return evidence.closedInOrder() || evidence.everyWriteForced() || evidence.sameBoot()
                ? Optional.empty()
                : Optional.of("it was not shut down in order, its fsync policy does not sync every write to disk, and"
                        + " the machine was rebooted since");
    }
}
