package dev.hence.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.simulator.check.Checker;
import dev.hence.simulator.check.Violation;
import dev.hence.simulator.scenario.Profile;
import dev.hence.simulator.scenario.Scenario;
import dev.hence.simulator.scenario.Step;
import dev.hence.simulator.trace.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class MinimizerTest {
    private static final Scenario SCENARIO =
            Profile.named("crash").orElseThrow().scenario(4);

    /** Promises that a write is never followed by a kill, and at the end that there was no write. */
    private static Checker noKillAfterAWrite() {
        boolean[] written = {false};
        return event -> {
            written[0] |= event instanceof Event.Made;
            if (written[0] && event instanceof Event.Fault fault && fault.kind() == Event.Kind.KILLED) {
                throw new Violation("no kill after a write", "killed");
            }
            if (written[0] && event instanceof Event.Ended) {
                throw new Violation("no write", "written");
            }
        };
    }

    private static String promiseBrokenBy(Scenario scenario) {
        Violation violation = Simulation.run(scenario, noKillAfterAWrite());
        return violation == null ? "" : violation.promise();
    }

    @Test
    void minimize_brokenPromise_leavesNoStepThatIsNotNeeded() {
        Violation broken = Objects.requireNonNull(Simulation.run(SCENARIO, noKillAfterAWrite()));
        assertThat(broken.promise()).isEqualTo("no kill after a write");
        assertThat(SCENARIO.steps()).hasSizeGreaterThan(20);

        Finding finding = Minimizer.minimize(SCENARIO, MinimizerTest::noKillAfterAWrite, broken);

        Scenario smallest = finding.scenario();
        assertThat(smallest.steps())
                .hasSizeBetween(2, 4)
                .hasAtLeastOneElementOfType(Step.Ask.class)
                .hasAtLeastOneElementOfType(Step.Kill.class);
        assertThat(smallest.settings().nodes()).isLessThanOrEqualTo(3);
        assertThat(promiseBrokenBy(smallest)).isEqualTo(broken.promise());
        for (Step step : smallest.steps()) {
            List<Step> others = new ArrayList<>(smallest.steps());
            others.remove(step);
            assertThat(promiseBrokenBy(smallest.with(others))).isNotEqualTo(broken.promise());
        }
    }

    @Test
    void minimize_brokenPromise_tellsWhatHappenedUpToIt() {
        Violation broken = Objects.requireNonNull(Simulation.run(SCENARIO, noKillAfterAWrite()));

        Finding finding = Minimizer.minimize(SCENARIO, MinimizerTest::noKillAfterAWrite, broken);

        assertThat(finding.violation().promise()).isEqualTo(broken.promise());
        assertThat(finding.events()).first().isInstanceOf(Event.Began.class);
        assertThat(finding.events()).last().isInstanceOf(Event.Fault.class);
    }
}
