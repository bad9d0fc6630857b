package dev.hence.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.simulator.check.Violation;
import dev.hence.simulator.scenario.Profile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Seeds that once broke a promise, with the cause; their clients use only registers. */
final class PinnedSeedsTest {
    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            rollback   | 1012267 | a relay's answer that this node has forgotten writes of its own was not obeyed, and the direct stream was blocked by what the relay was to bring
            rollback   | 129835  | no node had the lost writes any more, and their names were held against the one who used them again
            rollback   | 206011  | what a machine that was set back denied in good faith was held against the others
            rollback   | 1009699 | clients were let in while a node that was down still had the lost writes on its disk
            everything | 100259  | the same as 129835, among other faults
            disk       | 10950   | a stream had no room while others waited for an update lost everywhere, and did not notice that its peer had ended
            disk       | 10544   | a second loss of a disk hid the first from the check of stability
            """)
    void seed_thatOnceBrokeAPromise_breaksNone(String profile, long seed, String whatWasWrong) {
        Violation violation =
                Simulation.run(Profile.named(profile).orElseThrow().scenarioOfRegisters(seed), new Promises());

        assertThat(violation).as(whatWasWrong).isNull();
    }
}
