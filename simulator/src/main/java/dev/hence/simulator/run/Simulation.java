package dev.hence.simulator.run;

import dev.hence.core.clock.VersionVector;
import dev.hence.simulator.check.Checker;
import dev.hence.simulator.check.Violation;
import dev.hence.simulator.client.SimulatedClient;
import dev.hence.simulator.node.Cluster;
import dev.hence.simulator.node.Machine;
import dev.hence.simulator.node.NodeProcess;
import dev.hence.simulator.node.Tracer;
import dev.hence.simulator.scenario.ClockRules;
import dev.hence.simulator.scenario.FsyncPolicy;
import dev.hence.simulator.scenario.Scenario;
import dev.hence.simulator.scenario.Settings;
import dev.hence.simulator.scenario.Step;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.world.Agenda;
import dev.hence.simulator.world.Chance;
import dev.hence.simulator.world.WallClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One run of a scenario: the steps run at their times, then the faults end, and then the cluster must converge within
 * bounded time.
 */
public final class Simulation {
    private static final long CALM_LIMIT_MILLIS = 60_000;
    private static final long LOOK_MILLIS = 100;
    /**
     * The time after which no more updates arrive: those that wait for updates lost everywhere stay in their buffers.
     */
    private static final long QUIET_MILLIS = 5_000;
    /** The time by which updates that need not wait for time to pass have usually been delivered. */
    private static final long CATCH_UP_MILLIS = 2_000;
    /** More events than this mean an endless loop. */
    private static final long STEPS_MAX = 3_000_000;

    private final Scenario scenario;
    private final Agenda agenda = new Agenda();
    private final Checker checker;
    private final Tracer tracer;
    private final Cluster cluster;
    private final List<SimulatedClient> clients = new ArrayList<>();

    private Simulation(Scenario scenario, Checker checker) {
        this.scenario = scenario;
        this.checker = watched(checker);
        this.tracer = new Tracer(agenda, this.checker::observe);
        Chance chance = new Chance(scenario.seed()).of("run", 0);
        this.cluster = new Cluster(scenario.settings(), agenda, tracer, chance);
        for (int number = 0; number < scenario.settings().clients(); number++) {
            clients.add(new SimulatedClient(cluster, number, chance.of("client", number)));
        }
    }

    /**
     * Runs a scenario to its end, or to its first violation.
     *
     * @param checker observes every event
     * @return the violation; null if there was none
     */
    public static @Nullable Violation run(Scenario scenario, Checker checker) {
        try {
            new Simulation(scenario, checker).run();
            return null;
        } catch (Violation violation) {
            return violation;
        }
    }

    /** A bug of a checker must not be reported as a bug of the node. */
    private static Checker watched(Checker checker) {
        return event -> {
            try {
                checker.observe(event);
            } catch (Violation violation) {
                throw violation;
            } catch (RuntimeException mistake) {
                throw new CheckerFailedError(event, mistake);
            }
        };
    }

    private void run() {
        Settings settings = scenario.settings();
        List<String> names = cluster.machines().stream().map(Machine::name).toList();
        List<Boolean> alwaysSynced =
                settings.fsync().stream().map(FsyncPolicy.ALWAYS::equals).toList();
        checker.observe(new Event.Began(0, names, alwaysSynced, bounds(settings)));
        cluster.machines().forEach(Machine::start);
        for (Step step : scenario.steps()) {
            agenda.at(step.atMillis() * 1_000, () -> take(step));
        }
        agenda.runUntil(settings.faultsEndMillis() * 1_000);
        calm();
    }

    private static Event.Bounds bounds(Settings settings) {
        ClockRules clocks = settings.clocks();
        return new Event.Bounds(
                Machine.bufferedUpdatesMax(settings),
                clocks.isBounded()
                        ? new Event.ClockBounds(
                                WallClock.START_MILLIS,
                                clocks.aheadMillisMax(),
                                ClockRules.MARGIN_MILLIS,
                                settings.peers())
                        : null);
    }

    private void take(Step step) {
        switch (step) {
            case Step.Ask ask -> clients.get(ask.client()).ask(ask);
            case Step.Kill kill -> machine(kill.node()).kill(kill.effects(), kill.downMillis());
            case Step.LosePower lose -> machine(lose.node()).losePower(lose.effects(), lose.downMillis());
            case Step.Stop stop -> machine(stop.node()).stop(stop.downMillis());
            case Step.Wipe wipe -> machine(wipe.node()).wipe(wipe.downMillis());
            case Step.FailForce fail -> machine(fail.node()).failForce(fail.downMillis());
            case Step.BackUp backUp -> machine(backUp.node()).backUp();
            case Step.Restore restore -> machine(restore.node()).restore(restore.downMillis());
            case Step.SetBack back -> machine(back.node()).setBack(back.downMillis());
            case Step.RollBack back -> machine(back.node()).rollBack(back.downMillis());
            case Step.Pause pause -> machine(pause.node()).pause(pause.millis());
            case Step.ClockJump jump -> {
                machine(jump.node()).wallClock().jump(jump.jumpMillis());
                fault(jump.node(), Event.Kind.CLOCK_CHANGED, "clock jumps by " + jump.jumpMillis() + " ms");
            }
            case Step.ClockMend mend -> mend(machine(mend.node()));
            case Step.ClockRate rate -> {
                machine(rate.node()).wallClock().run(rate.rate());
                fault(rate.node(), Event.Kind.CLOCK_CHANGED, "clock runs at " + rate.rate());
            }
            case Step.Cut cut -> {
                cluster.network().cut(cut.from(), cut.to(), cut.millis() * 1_000);
                String link = between(cut.from(), cut.to());
                fault(cut.from(), Event.Kind.CUT, link + " cut for " + cut.millis() + " ms");
                agenda.after(
                        cut.millis() * 1_000,
                        () -> tracer.tell(new Event.Mended(tracer.now(), cut.from(), link + " mended")));
            }
            case Step.Slow slow -> {
                cluster.network().slow(slow.from(), slow.to(), slow.factor(), slow.millis() * 1_000);
                fault(
                        slow.from(),
                        Event.Kind.SLOWED,
                        between(slow.from(), slow.to()) + " " + slow.factor() + " times slower for " + slow.millis()
                                + " ms");
            }
            case Step.Disturb disturb -> {
                machine(disturb.to()).disturb(disturb.from(), disturb.millis());
                fault(
                        disturb.to(),
                        Event.Kind.DISTURBED,
                        between(disturb.from(), disturb.to()) + " disturbed for " + disturb.millis() + " ms");
            }
        }
    }

    private static String between(int from, int to) {
        return Settings.nodeName(from) + " -> " + Settings.nodeName(to);
    }

    private void fault(int node, Event.Kind kind, String what) {
        tracer.tell(new Event.Fault(tracer.now(), node, kind, what));
    }

    private Machine machine(int number) {
        return cluster.machine(number);
    }

    /** Waits until all nodes have converged; every fault is limited in time, so by now most are over. */
    private void calm() {
        checker.observe(new Event.Calmed(tracer.now()));
        cluster.machines().forEach(Machine::calm);
        if (scenario.settings().clocks().isBounded()) {
            cluster.machines().forEach(this::mend);
        }
        clients.forEach(SimulatedClient::finish);
        long limitMicros = agenda.nowMicros() + CALM_LIMIT_MILLIS * 1_000;
        long equalSinceMicros = -1;
        while (agenda.nowMicros() < limitMicros && agenda.steps() < STEPS_MAX) {
            agenda.runUntil(agenda.nowMicros() + LOOK_MILLIS * 1_000);
            if (!isEqual()) {
                if (Apart.isShown(cluster)) {
                    return;
                }
                equalSinceMicros = -1;
                letTimeCatchUp(limitMicros);
                continue;
            }
            equalSinceMicros = equalSinceMicros < 0 ? agenda.nowMicros() : equalSinceMicros;
            boolean quiet = agenda.nowMicros() - equalSinceMicros >= QUIET_MILLIS * 1_000;
            if (quiet || buffered() == 0) {
                for (Machine machine : cluster.machines()) {
                    process(machine).tellEnd();
                }
                return;
            }
        }
        Apart.require(cluster);
        throw new Violation(
                "liveness",
                "not equal " + CALM_LIMIT_MILLIS / 1_000 + " s after the faults ended, after " + agenda.steps()
                        + " steps: " + clocks());
    }

    private void mend(Machine machine) {
        machine.wallClock().mend();
        fault(machine.number(), Event.Kind.CLOCK_CHANGED, "clock is set right");
    }

    /**
     * Updates made under a wrong clock are held until time has caught up with them, which may take decades. So the
     * clocks, all of which are right by now, are advanced by that amount at once.
     */
    private void letTimeCatchUp(long limitMicros) {
        boolean settled = agenda.nowMicros() > limitMicros - (CALM_LIMIT_MILLIS - CATCH_UP_MILLIS) * 1_000;
        long aheadMillis = cluster.machines().stream()
                .map(Machine::process)
                .filter(Objects::nonNull)
                .mapToLong(NodeProcess::heldAheadMillis)
                .max()
                .orElse(0);
        if (settled && aheadMillis > 0) {
            for (Machine machine : cluster.machines()) {
                machine.wallClock().jump(aheadMillis);
                fault(machine.number(), Event.Kind.CLOCK_CHANGED, aheadMillis + " ms pass");
            }
        }
    }

    private boolean isEqual() {
        VersionVector first = null;
        for (Machine machine : cluster.machines()) {
            NodeProcess process = machine.process();
            if (process == null
                    || !process.isIdle()
                    || (first != null && !process.clock().equals(first))) {
                return false;
            }
            first = process.clock();
        }
        return clients.stream().allMatch(SimulatedClient::isIdle);
    }

    private int buffered() {
        return cluster.machines().stream()
                .mapToInt(machine -> process(machine).bufferedCount())
                .sum();
    }

    private static NodeProcess process(Machine machine) {
        NodeProcess process = machine.process();
        if (process == null) {
            throw new IllegalStateException(machine.name() + ": down (expected: running)");
        }
        return process;
    }

    private String clocks() {
        return cluster.machines().stream()
                .map(machine -> {
                    NodeProcess process = machine.process();
                    return machine.name() + " "
                            + (process == null
                                    ? "is down"
                                    : process.clock() + " buffers " + process.bufferedCount()
                                            + (process.isIdle() ? "" : ", busy"));
                })
                .collect(Collectors.joining("; "));
    }
}
