package dev.hence.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.server.config.FsyncPolicy;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

final class IdentityRuleTest {

    private static final String HERE = "inode 7";
    private static final String BOOT = "boot 1";

    private static StoredIdentity stored(FsyncPolicy fsync, boolean clean) {
        return new StoredIdentity(new ReplicaId("node1", 1), "hence", HERE, BOOT, fsync, clean);
    }

    @ParameterizedTest
    @EnumSource(FsyncPolicy.class)
    void whyRenew_afterACleanStop_isEmpty(FsyncPolicy fsync) {
        assertThat(IdentityRule.whyRenew(stored(fsync, true), HERE, BOOT)).isEmpty();
        assertThat(IdentityRule.whyRenew(stored(fsync, true), HERE, "boot 2")).isEmpty();
    }

    @Test
    void whyRenew_afterACrashWhenEveryWriteWasForced_isEmpty() {
        assertThat(IdentityRule.whyRenew(stored(FsyncPolicy.ALWAYS, false), HERE, BOOT))
                .isEmpty();
        assertThat(IdentityRule.whyRenew(stored(FsyncPolicy.ALWAYS, false), HERE, "boot 2"))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = FsyncPolicy.class, mode = Mode.EXCLUDE, names = "ALWAYS")
    void whyRenew_afterACrashOfTheProcessOnly_isEmpty(FsyncPolicy fsync) {
        assertThat(IdentityRule.whyRenew(stored(fsync, false), HERE, BOOT)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = FsyncPolicy.class, mode = Mode.EXCLUDE, names = "ALWAYS")
    void whyRenew_afterACrashOfTheMachineWithUnforcedWrites_saysSo(FsyncPolicy fsync) {
        assertThat(IdentityRule.whyRenew(stored(fsync, false), HERE, "boot 2"))
                .hasValueSatisfying(why -> assertThat(why).contains("started anew"));
    }

    @Test
    void whyRenew_whereBootsCannotBeToldApart_takesNoChances() {
        StoredIdentity unknownBoot =
                new StoredIdentity(new ReplicaId("node1", 1), "hence", HERE, "", FsyncPolicy.NEVER, false);
        assertThat(IdentityRule.whyRenew(unknownBoot, HERE, "")).isPresent();
    }

    @ParameterizedTest
    @EnumSource(FsyncPolicy.class)
    void whyRenew_inACopy_saysSoHoweverItWasClosed(FsyncPolicy fsync) {
        Optional<String> why = IdentityRule.whyRenew(stored(fsync, true), "inode 8", BOOT);
        assertThat(why).hasValueSatisfying(text -> assertThat(text).contains("copy"));
        assertThat(IdentityRule.whyRenew(stored(fsync, false), "inode 8", BOOT)).isPresent();
    }
}
