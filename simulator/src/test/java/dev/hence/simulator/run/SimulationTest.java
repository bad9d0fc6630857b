package dev.hence.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.simulator.check.Violation;
import dev.hence.simulator.scenario.Profile;
import dev.hence.simulator.scenario.Scenario;
import dev.hence.simulator.trace.Event;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code -Dhence.seeds=N} runs N seeds of each profile. */
final class SimulationTest {
    private static final long SEEDS = Long.getLong("hence.seeds", 60);

    static List<Profile> profiles() {
        return Profile.NAMED;
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void everySeed_ofTheProfile_breaksNoPromise(Profile profile) throws InterruptedException {
        Campaign campaign = new Campaign(Promises::new, profile, 1, SEEDS);

        Optional<Finding> finding = campaign.run(Runtime.getRuntime().availableProcessors(), () -> false);

        assertThat(finding.map(SimulationTest::text)).isEmpty();
        assertThat(campaign.tally().runs()).isEqualTo(SEEDS);
        assertThat(campaign.tally().done()).isGreaterThan(SEEDS);
    }

    private static String text(Finding finding) {
        Scenario scenario = finding.scenario();
        return "hence simulate --from " + scenario.seed() + " --seeds 1 --profile " + scenario.profile() + "\n"
                + finding.violation().getMessage();
    }

    @Test
    void allProfiles_together_injectEveryKindOfFault() throws InterruptedException {
        Campaign campaign = new Campaign(Promises::new, null, 1, 20L * Profile.ALL.size());

        assertThat(campaign.run(1, () -> false).map(SimulationTest::text)).isEmpty();

        Set<Event.Kind> injected = campaign.tally().faults().keySet();
        assertThat(injected).containsExactlyInAnyOrderElementsOf(EnumSet.allOf(Event.Kind.class));
        assertThat(campaign.tally().longestBuffer()).isPositive();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void sameSeed_runTwice_isTheSameRunEventForEvent(Profile profile) {
        assertThat(events(profile.scenario(7))).isEqualTo(events(profile.scenario(7)));
    }

    @Test
    void seeds_oneAfterTheOther_areDifferentRuns() {
        assertThat(events(Profile.ALL.getFirst().scenario(1)))
                .isNotEqualTo(events(Profile.ALL.getFirst().scenario(2)));
    }

    private static List<String> events(Scenario scenario) {
        List<String> events = new ArrayList<>();
        Violation violation = Simulation.run(scenario, event -> events.add(event.toString()));
        assertThat(violation).isNull();
        assertThat(events).hasSizeGreaterThan(10);
        return events;
    }
}
