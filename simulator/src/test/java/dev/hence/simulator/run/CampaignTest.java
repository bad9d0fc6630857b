package dev.hence.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.simulator.check.Checker;
import dev.hence.simulator.check.Violation;
import dev.hence.simulator.scenario.Profile;
import dev.hence.simulator.trace.Change;
import dev.hence.simulator.trace.Event;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class CampaignTest {
    private static final Profile CALM = Profile.named("calm").orElseThrow();

    /** A promise that clusters do break: that no client ever writes a second key. */
    private static Checker oneKeyOnly() {
        Set<String> keys = new HashSet<>();
        return event -> {
            if (event instanceof Event.Made made) {
                made.update().changes().stream().map(Change::key).forEach(keys::add);
                if (keys.size() > 1) {
                    throw new Violation("one key", keys.toString());
                }
            }
        };
    }

    @Test
    void run_brokenPromise_isFoundAndShrunkToWhatBreaksIt() throws InterruptedException {
        Campaign campaign = new Campaign(CampaignTest::oneKeyOnly, CALM, 1, 50);

        Finding finding = campaign.run(2, () -> false).orElseThrow();

        assertThat(finding.scenario().steps()).hasSizeBetween(1, 2);
        assertThat(finding.scenario().settings().nodes()).isLessThanOrEqualTo(3);
        assertThat(finding.violation().promise()).isEqualTo("one key");
        assertThat(finding.events().getLast()).isInstanceOf(Event.Made.class);
    }

    @Test
    void run_brokenPromise_isTheSameWithAnyNumberOfThreads() throws InterruptedException {
        Finding one = new Campaign(CampaignTest::oneKeyOnly, CALM, 1, 50)
                .run(1, () -> false)
                .orElseThrow();
        Finding four = new Campaign(CampaignTest::oneKeyOnly, CALM, 1, 50)
                .run(4, () -> false)
                .orElseThrow();

        assertThat(four.scenario()).isEqualTo(one.scenario());
        assertThat(four.events()).hasSameSizeAs(one.events());
    }

    @Test
    void run_enoughAfterThreeSeeds_stopsThere() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        Campaign campaign = new Campaign(() -> event -> {}, CALM, 1, Long.MAX_VALUE);

        assertThat(campaign.run(1, () -> asked.incrementAndGet() > 3)).isEmpty();

        assertThat(campaign.tally().runs()).isEqualTo(3);
    }

    @Test
    void run_checkerThatFailsItself_isNoFindingButAFailure() {
        Supplier<Checker> broken = () -> event -> {
            throw new ArithmeticException("the checker's own bug");
        };

        assertThatThrownBy(() -> new Campaign(broken, CALM, 1, 1).run(1, () -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("the checker's own bug");
    }
}
