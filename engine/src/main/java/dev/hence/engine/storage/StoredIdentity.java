package dev.hence.engine.storage;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.replica.Identity;
import dev.hence.core.replica.IdentityRule.Evidence;

/**
 * The stored identity of a data directory's writer, and what the next start needs to decide whether it may be
 * continued.
 *
 * @param identity the present and earlier identities of the writer
 * @param cluster the name of its cluster
 * @param markerBirth the inode and creation time of the marker file, which show that the directory is not a copy
 * @param bootId the boot id of the machine during the last run; empty if there is none
 * @param fsync the policy under which it last ran
 * @param clean whether it was closed cleanly
 */
public record StoredIdentity(
        Identity identity, String cluster, String markerBirth, String bootId, FsyncPolicy fsync, boolean clean) {

    /** The replica to write under. */
    public ReplicaId self() {
        return identity.self();
    }

    /** Returns the record of the same directory with another identity. */
    StoredIdentity with(Identity other) {
        return new StoredIdentity(other, cluster, markerBirth, bootId, fsync, clean);
    }

    /** Returns the record of the same directory after everything was forced to the disk. */
    StoredIdentity closed() {
        return new StoredIdentity(identity, cluster, markerBirth, bootId, fsync, true);
    }

    /**
     * Returns what a start finds in its directory.
     *
     * @param markerBirth the inode and creation time of the marker file there
     * @param bootId the present boot id of the machine; empty if there is none, which never equals another
     * @param endDropped whether this start dropped an end of the log that may have been seen
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
