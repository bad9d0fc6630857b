package dev.hence.core.replica;

import java.util.Optional;

/**
 * Decides whether a starting node may continue to write under the identity found in its storage.
 *
 * <p>It may only if its log is provably whole, for otherwise it could give a dot to an update that another update had
 * before. The proof is: the storage is the one it wrote in (not a copy or a restored backup), and either it was closed
 * in order, or every write was forced to the disk, or the machine has not been rebooted since, so that the operating
 * system still had what the process wrote. None of these is a proof where this start has dropped an end of the log that
 * it could not read.
 *
 * <p>When the proof fails the node takes a new incarnation: its earlier updates, on disk and at its peers,
 * are then those of another replica, and nothing is lost.
 */
public final class IdentityRule {
    private IdentityRule() {}

    /**
     * What a node finds when it starts.
     *
     * @param sameStorage whether the storage is the very one that the identity wrote in, and no copy of it
     * @param closedInOrder whether it was closed after its last write, and everything forced to the disk then
     * @param everyWriteForced whether no write was acknowledged or published before it was forced to the disk
     * @param sameBoot whether the operating system has been running ever since the last write
     * @param endDropped whether an end of the log was dropped that the end of the process alone does not explain
     */
    public record Evidence(
            boolean sameStorage,
            boolean closedInOrder,
            boolean everyWriteForced,
            boolean sameBoot,
            boolean endDropped) {}

    /**
     * How far a node that goes on under its identity may do so before a peer has told what it has seen of it: a storage
     * that was set back in place as a whole has all the proofs of an earlier day.
     */
    public enum Confirmation {
        /** It writes at once. */
        NOT_NEEDED,
        /** It waits a little for a peer, and then writes on. */
        WANTED,
        /** It waits a little for a peer; if none comes it takes a new incarnation before it writes. */
        NEEDED
    }

    /**
     * Decides. A machine is started again after its disk was set back, so that is the case in which not to rely on the
     * disk alone. It costs an entry in every clock where a machine starts with all peers away, which is seldom.
     */
    public static Confirmation confirmation(Evidence evidence) {
        if (!evidence.sameBoot()) {
            return Confirmation.NEEDED;
        }
        return evidence.closedInOrder() ? Confirmation.NOT_NEEDED : Confirmation.WANTED;
    }

    /** Why a new incarnation is needed, for people; empty if the stored one may be continued. */
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
