package dev.hence.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.replica.Identity;
import dev.hence.core.replica.IdentityRule.Evidence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The findings of a start from the identity that the previous run stored. */
final class StoredIdentityTest {

    private static final String HERE = "inode 7";
    private static final String BOOT = "boot 1";

    private static StoredIdentity stored(FsyncPolicy fsync, boolean clean, String bootId) {
        return new StoredIdentity(Identity.of(new ReplicaId("node1", 1)), "hence", HERE, bootId, fsync, clean);
    }

    @ParameterizedTest
    @EnumSource(FsyncPolicy.class)
    void evidence_ofThePolicy_isThatOfTheRunBefore(FsyncPolicy fsync) {
        assertThat(stored(fsync, false, BOOT).evidence(HERE, BOOT, false))
                .isEqualTo(new Evidence(true, false, fsync == FsyncPolicy.ALWAYS, true, false));
    }

    @Test
    void evidence_afterACleanStop_saysSo() {
        assertThat(stored(FsyncPolicy.NEVER, true, BOOT).evidence(HERE, "boot 2", false))
                .isEqualTo(new Evidence(true, true, false, false, false));
    }

    @Test
    void evidence_ofAnotherMarker_isThatTheStorageIsAnother() {
        assertThat(stored(FsyncPolicy.NEVER, true, BOOT)
                        .evidence("inode 8", BOOT, false)
                        .sameStorage())
                .isFalse();
    }

    @Test
    void evidence_whereBootsCannotBeToldApart_isNotThatOfTheSameBoot() {
        assertThat(stored(FsyncPolicy.NEVER, false, "")
                        .evidence(HERE, "", false)
                        .sameBoot())
                .isFalse();
        assertThat(stored(FsyncPolicy.NEVER, false, BOOT)
                        .evidence(HERE, "", false)
                        .sameBoot())
                .isFalse();
    }
}
