package dev.hence.engine.storage;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.replica.Identity;
import dev.hence.core.replica.IdentityRule.Evidence;

/**
 * The replica that writes in a data directory, and what the next start needs to decide whether it may continue.
 *
 * @param identity who writes there, and did before
 * @param cluster the name of its cluster
 * @param markerBirth the inode and time of birth of the marker file, which show that the directory is no copy
 * @param bootId the boot of the machine during which it last ran; empty where there is no such id
 * @param fsync the policy under which it last ran
 * @param clean whether it was closed in order
 */
public record StoredIdentity(
        Identity identity, String cluster, String markerBirth, String bootId, FsyncPolicy fsync, boolean clean) {

    /** The identity to write under. */
    public ReplicaId self() {
        return identity.self();
    }

    /** The same directory with another identity. */
    StoredIdentity with(Identity other) {
        return new StoredIdentity(other, cluster, markerBirth, bootId, fsync, clean);
    }

    /**
     * What a start finds in its directory.
     *
     * @param markerBirth the inode and time of birth of the marker file there
     * @param bootId the present boot of the machine; empty where there is no such id, and then no two are the same
     * @param endDropped whether the end of the log was dropped at this start although it may have been seen
     */
    Evidence evidence(String markerBirth, String bootId, boolean endDropped) {
        return new Evidence(
                this.markerBirth.equals(markerBirth),
                clean,
                fsync == FsyncPolicy.ALWAYS,
                !bootId.isEmpty() && this.bootId.equals(bootId),
                endDropped);
    }
}
