package dev.hence.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.simulator.trace.Command;
import dev.hence.simulator.trace.Request;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.stream.IntStream;

/** The validity rules of scenarios. */
final class ValidScenario {
    private ValidScenario() {}

    static void check(Scenario scenario) {
        checkSettings(scenario.settings());
        checkSteps(scenario);
    }

    private static void checkSettings(Settings settings) {
        assertThat(settings.nodes()).isBetween(2, 7);
        assertThat(settings.clients()).isBetween(1, 10);
        assertThat(settings.bufferUpdatesMax()).isPositive();
        assertThat(settings.chunkFramesMax()).isPositive();
        assertThat(settings.windowMessages()).isPositive();
        assertThat(settings.repliesLost()).isBetween(0.0, 0.1);
        assertThat(settings.delays().usualMicrosMax()).isPositive();
        assertThat(settings.delays().rareMicrosMax())
                .isGreaterThanOrEqualTo(settings.delays().usualMicrosMax());
        assertThat(settings.peers()).hasSize(settings.nodes());
        for (int node = 0; node < settings.nodes(); node++) {
            assertThat(settings.peers().get(node))
                    .doesNotHaveDuplicates()
                    .doesNotContain(node)
                    .allMatch(peer -> peer >= 0 && peer < settings.nodes());
            assertThat(heardBy(node, settings.peers()))
                    .as("whose updates come to node %d in %s", node, settings.peers())
                    .hasSize(settings.nodes());
        }
    }

    /** The nodes that a node follows, directly or through others, and itself. */
    private static Set<Integer> heardBy(int node, List<List<Integer>> peers) {
        Set<Integer> heard = new HashSet<>(Set.of(node));
        Queue<Integer> next = new ArrayDeque<>(heard);
        while (!next.isEmpty()) {
            for (int peer : peers.get(next.remove())) {
                if (heard.add(peer)) {
                    next.add(peer);
                }
            }
        }
        return heard;
    }

    private static void checkSteps(Scenario scenario) {
        Settings settings = scenario.settings();
        assertThat(scenario.steps()).isSortedAccordingTo(Comparator.comparingLong(Step::atMillis));
        assertThat(scenario.steps()).allSatisfy(step -> {
            assertThat(step.atMillis()).isBetween(0L, settings.faultsEndMillis() - 1);
            assertThat(IntStream.of(step.nodes())).allMatch(node -> node >= 0 && node < settings.nodes());
            assertThat(IntStream.of(step.nodes()).boxed()).doesNotHaveDuplicates();
            assertThat(step.atMillis() + lastsMillis(step))
                    .as("end of %s", step)
                    .isLessThanOrEqualTo(settings.faultsEndMillis());
            if (step instanceof Step.Ask ask) {
                checkAsk(ask, settings);
            }
        });
        assertThat(scenario.steps().stream()
                        .filter(Step.Ask.class::isInstance)
                        .map(Step.Ask.class::cast)
                        .map(Step.Ask::id))
                .doesNotHaveDuplicates();
    }

    private static void checkAsk(Step.Ask ask, Settings settings) {
        assertThat(ask.client()).isBetween(0, settings.clients() - 1);
        assertThat(ask.writes().isEmpty())
                .as("%s reads or writes", ask)
                .isNotEqualTo(ask.reads().isEmpty());
        assertThat(ask.writes().stream().map(Command::key).filter(Request::isRegister))
                .doesNotHaveDuplicates();
        assertThat(ask.writes())
                .filteredOn(command -> Request.isRegister(command.key()))
                .allMatch(command -> command instanceof Command.Delete
                        || (command instanceof Command.Set set && set.lifetimeMillis() == Command.FOR_EVER));
    }

    private static long lastsMillis(Step step) {
        return switch (step) {
            case Step.Kill kill -> kill.downMillis();
            case Step.LosePower lose -> lose.downMillis();
            case Step.FailForce fail -> fail.downMillis();
            case Step.Stop stop -> stop.downMillis();
            case Step.Wipe wipe -> wipe.downMillis();
            case Step.Restore restore -> restore.downMillis();
            case Step.RollBack back -> back.downMillis();
            case Step.SetBack back -> back.downMillis();
            case Step.Pause pause -> pause.millis();
            case Step.Cut cut -> cut.millis();
            case Step.Slow slow -> slow.millis();
            case Step.Disturb disturb -> disturb.millis();
            case Step.Ask ask -> 0;
            case Step.BackUp backUp -> 0;
            case Step.ClockJump jump -> 0;
            case Step.ClockMend mend -> 0;
            case Step.ClockRate rate -> 0;
        };
    }
}
