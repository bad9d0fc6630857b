package dev.hence.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.simulator.trace.Command;
import dev.hence.simulator.trace.Request;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ScenarioMakerTest {
    private static final long SEEDS = 150;

    static List<Profile> profiles() {
        return Profile.NAMED;
    }

    private static List<Scenario> scenarios(Profile profile) {
        return LongStream.rangeClosed(1, SEEDS).mapToObj(profile::scenario).toList();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void make_manySeeds_areValid(Profile profile) {
        assertThat(scenarios(profile)).allSatisfy(ValidScenario::check);
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void make_sameSeed_isTheSameScenario(Profile profile) {
        assertThat(scenarios(profile)).isEqualTo(scenarios(profile));
        assertThat(new HashSet<>(scenarios(profile))).hasSize((int) SEEDS);
    }

    @Test
    void make_calm_hasNoFaults() {
        assertThat(scenarios(Profile.named("calm").orElseThrow()))
                .flatExtracting(Scenario::steps)
                .hasOnlyElementsOfType(Step.Ask.class);
    }

    @Test
    void make_forced_forcesEveryWrite() {
        assertThat(scenarios(Profile.named("forced").orElseThrow()))
                .allSatisfy(scenario -> assertThat(scenario.settings().fsync()).containsOnly(FsyncPolicy.ALWAYS));
    }

    @Test
    void make_allProfiles_takeEveryKindOfStep() {
        Set<Class<?>> taken = Profile.NAMED.stream()
                .flatMap(profile -> scenarios(profile).stream())
                .flatMap(scenario -> scenario.steps().stream())
                .map(Step::getClass)
                .collect(Collectors.toSet());

        assertThat(taken).containsExactlyInAnyOrder(Step.class.getPermittedSubclasses());
    }

    private static List<Command> commands(List<Scenario> scenarios) {
        return scenarios.stream()
                .flatMap(scenario -> scenario.steps().stream())
                .flatMap(step -> step instanceof Step.Ask ask ? ask.writes().stream() : Stream.empty())
                .toList();
    }

    @Test
    void make_clients_giveEveryCommand() {
        Set<Class<?>> given = commands(scenarios(Profile.ALL.getFirst())).stream()
                .map(Command::getClass)
                .collect(Collectors.toSet());

        assertThat(given).containsExactlyInAnyOrder(Command.class.getPermittedSubclasses());
    }

    @Test
    void make_ofRegisters_onlyAssignsAndRemoves() {
        Profile profile = Profile.ALL.getFirst();
        List<Scenario> scenarios = LongStream.rangeClosed(1, SEEDS)
                .mapToObj(profile::scenarioOfRegisters)
                .toList();

        assertThat(scenarios).allSatisfy(ValidScenario::check);
        assertThat(commands(scenarios)).allMatch(command -> Request.isRegister(command.key()));
    }

    @Test
    void make_sparseMeshes_alsoLetNodesFollowThoseWhoDoNotFollowThem() {
        assertThat(scenarios(Profile.named("relay").orElseThrow()))
                .anySatisfy(scenario -> assertThat(scenario.settings().peers())
                        .hasSizeGreaterThan(2)
                        .allSatisfy(followed -> assertThat(followed).hasSize(1)));
    }

    @Test
    void ofSeed_everyProfile_hasItsShare() {
        assertThat(LongStream.range(-200, 200).mapToObj(Profile::ofSeed).distinct())
                .containsExactlyInAnyOrderElementsOf(Profile.ALL);
        assertThat(Profile.ofSeed(26).name()).isEqualTo("wrong-clocks");
        assertThat(Profile.named("no such trouble")).isEmpty();
        assertThat(Profile.names()).doesNotHaveDuplicates();
    }

    @Test
    void make_wrongClocks_leavesAtLeastHalfOfThemRight() {
        assertThat(scenarios(Profile.named("wrong-clocks").orElseThrow())).allSatisfy(scenario -> {
            long wrong = scenario.steps().stream()
                    .filter(step -> step instanceof Step.ClockJump)
                    .map(step -> ((Step.ClockJump) step).node())
                    .distinct()
                    .count();
            assertThat(wrong).isBetween(1L, scenario.settings().nodes() / 2L);
            assertThat(scenario.settings().clocks().isBounded()).isTrue();
        });
    }
}
