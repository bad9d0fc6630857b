package dev.hence.simulator.scenario;

import dev.hence.simulator.world.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A reduction that makes a scenario's cluster smaller or quieter, tried on a failing scenario to see whether it still
 * fails.
 */
public record Simpler(String what, UnaryOperator<Scenario> change) {
    private static final Network.Delays SHORT = new Network.Delays(1_000, 1_000, 0);

    /** All reductions, the most effective first. */
    public static final List<Simpler> ALL = List.of(
            new Simpler("2 nodes", scenario -> withNodes(scenario, 2)),
            new Simpler("3 nodes", scenario -> withNodes(scenario, 3)),
            new Simpler("4 nodes", scenario -> withNodes(scenario, 4)),
            new Simpler("5 nodes", scenario -> withNodes(scenario, 5)),
            new Simpler("6 nodes", scenario -> withNodes(scenario, 6)),
            new Simpler(
                    "no answer is lost",
                    scenario -> with(scenario, scenario.settings().delays(), 0)),
            new Simpler(
                    "short delays",
                    scenario -> with(scenario, SHORT, scenario.settings().repliesLost())),
            new Simpler("no client retries", Simpler::withoutRetries));

    /** Returns the simpler scenario; an equal one if this does not apply. */
    public Scenario of(Scenario scenario) {
        return change.apply(scenario);
    }

    private static Scenario withNodes(Scenario scenario, int nodes) {
        Settings from = scenario.settings();
        if (from.nodes() <= nodes) {
            return scenario;
        }
        List<List<Integer>> peers = from.peers().subList(0, nodes).stream()
                .map(all -> all.stream().filter(peer -> peer < nodes).toList())
                .toList();
        Settings fewer = new Settings(
                from.fsync().subList(0, nodes),
                peers,
                from.clients(),
                from.bufferUpdatesMax(),
                from.chunkFramesMax(),
                from.windowMessages(),
                from.delays(),
                from.repliesLost(),
                from.clocks(),
                from.trimsLogs(),
                from.faultsEndMillis());
        List<Step> steps = scenario.steps().stream()
                .filter(step -> IntStream.of(step.nodes()).allMatch(node -> node < nodes))
                .toList();
        return new Scenario(scenario.profile(), scenario.seed(), fewer, steps);
    }

    private static Scenario with(Scenario scenario, Network.Delays delays, double repliesLost) {
        Settings from = scenario.settings();
        Settings quieter = new Settings(
                from.fsync(),
                from.peers(),
                from.clients(),
                from.bufferUpdatesMax(),
                from.chunkFramesMax(),
                from.windowMessages(),
                delays,
                repliesLost,
                from.clocks(),
                from.trimsLogs(),
                from.faultsEndMillis());
        return new Scenario(scenario.profile(), scenario.seed(), quieter, scenario.steps());
    }

    private static Scenario withoutRetries(Scenario scenario) {
        List<Step> steps = new ArrayList<>();
        for (Step step : scenario.steps()) {
            steps.add(step instanceof Step.Ask ask ? ask.once() : step);
        }
        return scenario.with(steps);
    }
}
