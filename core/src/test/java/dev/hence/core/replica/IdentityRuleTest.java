package dev.hence.core.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.replica.IdentityRule.Evidence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IdentityRuleTest {

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void whyRenew_afterACleanStop_isEmpty(boolean everyWriteForced, boolean sameBoot) {
        assertThat(IdentityRule.whyRenew(new Evidence(true, true, everyWriteForced, sameBoot, false)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void whyRenew_afterACrashWhenEveryWriteWasForced_isEmpty(boolean sameBoot) {
        assertThat(IdentityRule.whyRenew(new Evidence(true, false, true, sameBoot, false)))
                .isEmpty();
    }

    @Test
    void whyRenew_afterACrashOfTheProcessOnly_isEmpty() {
        assertThat(IdentityRule.whyRenew(new Evidence(true, false, false, true, false)))
                .isEmpty();
    }

    @Test
    void whyRenew_afterACrashOfTheMachineWithUnforcedWrites_saysSo() {
        assertThat(IdentityRule.whyRenew(new Evidence(true, false, false, false, false)))
                .hasValueSatisfying(why -> assertThat(why).contains("rebooted"));
    }

    @ParameterizedTest
    @CsvSource({"true,true,true", "true,false,true", "false,true,false", "false,false,true", "false,false,false"})
    void whyRenew_inACopy_saysSoHoweverItWasClosed(boolean closed, boolean everyWriteForced, boolean sameBoot) {
        assertThat(IdentityRule.whyRenew(new Evidence(false, closed, everyWriteForced, sameBoot, false)))
                .hasValueSatisfying(why -> assertThat(why).contains("copy"));
    }

    @ParameterizedTest
    @CsvSource({"true,true,true", "false,true,true", "false,false,true", "false,true,false"})
    void whyRenew_whenTheEndOfTheLogWasDropped_saysSo(boolean closed, boolean everyWriteForced, boolean sameBoot) {
        assertThat(IdentityRule.whyRenew(new Evidence(true, closed, everyWriteForced, sameBoot, true)))
                .hasValueSatisfying(why -> assertThat(why).contains("end of its log"));
    }
}
