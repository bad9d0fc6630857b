package dev.hence.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SimplerTest {
    static List<Simpler> all() {
        return Simpler.ALL;
    }

    /** In a full mesh no node depends on an omitted node. */
    private static List<Scenario> scenarios() {
        Profile profile = Profile.named("disk").orElseThrow();
        return LongStream.rangeClosed(1, 60).mapToObj(profile::scenario).toList();
    }

    @ParameterizedTest
    @MethodSource("all")
    void of_manySeeds_staysValidAndGrowsInNothing(Simpler simpler) {
        assertThat(scenarios()).allSatisfy(scenario -> {
            Scenario simple = simpler.of(scenario);
            ValidScenario.check(simple);
            assertThat(simple.steps()).hasSizeLessThanOrEqualTo(scenario.steps().size());
            assertThat(simple.settings().nodes())
                    .isLessThanOrEqualTo(scenario.settings().nodes());
            assertThat(simple.seed()).isEqualTo(scenario.seed());
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void of_whatIsSimplerAlready_isEqual(Simpler simpler) {
        assertThat(scenarios())
                .allSatisfy(
                        scenario -> assertThat(simpler.of(simpler.of(scenario))).isEqualTo(simpler.of(scenario)));
    }

    @Test
    void all_together_areTwoNodesAndNoTroubleWithMessages() {
        Scenario scenario = scenarios().getFirst();
        for (Simpler simpler : Simpler.ALL) {
            scenario = simpler.of(scenario);
        }

        assertThat(scenario.settings().nodes()).isEqualTo(2);
        assertThat(scenario.settings().repliesLost()).isZero();
        assertThat(scenario.settings().delays().rare()).isZero();
        assertThat(scenario.steps()).noneMatch(step -> step instanceof Step.Ask ask && ask.retries() > 0);
    }
}
