package dev.hence.server.storage;

import dev.hence.server.config.FsyncPolicy;
import java.util.Optional;

/**
 * Decides whether a node may go on writing under the identity found in its data directory.
 *
 * <p>It may only if its log is provably whole, for otherwise it could give a dot to an update that another
 * update had before. The proof is: the directory is the one it wrote in (not a copy or a restored backup),
 * and either it was closed in order, or every write was forced to the disk, or the machine has not been
 * started anew since, so that what the process wrote the operating system still had.
 *
 * <p>When the proof fails the node takes a new incarnation: its earlier updates, on disk and at its peers,
 * are then those of another replica, and nothing is lost.
 */
public final class IdentityRule {

    private IdentityRule() {}

    /** Why a new incarnation is needed, for people; empty if the stored one may be continued. */
    public static Optional<String> whyRenew(StoredIdentity stored, String markerBirth, String bootId) {
        if (!stored.markerBirth().equals(markerBirth)) {
            return Optional.of("the data directory is a copy or was restored");
        }
        if (stored.clean() || stored.fsync() == FsyncPolicy.ALWAYS) {
            return Optional.empty();
        }
        boolean sameBoot = !bootId.isEmpty() && stored.bootId().equals(bootId);
        return sameBoot
                ? Optional.empty()
                : Optional.of("it was not closed in order under fsync policy "
                        + stored.fsync().name().toLowerCase(java.util.Locale.ROOT)
                        + ", and the machine was started anew since");
    }
}
