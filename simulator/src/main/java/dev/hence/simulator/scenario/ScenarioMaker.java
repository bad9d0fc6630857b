package dev.hence.simulator.scenario;

import dev.hence.simulator.scenario.Profile.FaultKind;
import dev.hence.simulator.scenario.Profile.Forced;
import dev.hence.simulator.scenario.Profile.Mesh;
import dev.hence.simulator.trace.Command;
import dev.hence.simulator.world.Chance;
import dev.hence.simulator.world.Network;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Generates the scenario of a seed: first the cluster, then the requests of its clients, then its faults. */
final class ScenarioMaker {
    private static final List<FsyncPolicy> POLICIES = List.of(FsyncPolicy.values());

    private final Profile profile;
    private final long seed;
    private final Chance chance;
    private final int nodes;
    private final long endMillis;
    private final int clients;
    private final Bursts bursts;
    private final List<Step> steps = new ArrayList<>();
    private final TypedWorkload typed;
    private int asks;

    /** @param registersOnly whether clients only assign and remove strings */
    ScenarioMaker(Profile profile, long seed, boolean registersOnly, Chance chance) {
        this.profile = profile;
        this.seed = seed;
        this.chance = chance;
        Chance luck = chance.of("types", 0);
        this.typed = registersOnly
                ? TypedWorkload.none(luck)
                : profile.isOfWrongClocks() ? TypedWorkload.fleeting(luck) : TypedWorkload.of(luck);
        this.nodes = chance.happens(0.75) ? (int) chance.between(2, 4) : (int) chance.between(5, 7);
        this.endMillis = chance.between(1_500, 8_000);
        this.clients = (int) chance.between(1, 5);
        this.bursts = new Bursts(chance.of("bursts", 0), nodes, endMillis);
    }

    Scenario make() {
        Settings settings = settings();
        new Workload(chance.of("workload", 0), typed, nodes, clients, endMillis).addTo(steps);
        steps.addAll(bursts.steps(clients, steps.size()));
        asks = steps.size();
        addFaults();
        if (profile.isOfWrongClocks()) {
            addWrongClocks(chance.of("clocks", 0));
        }
        if (profile.faults().contains(FaultKind.LOSE_POWER)) {
            addFailedForces(chance.of("forces", 0));
        }
        steps.sort(Comparator.comparingLong(Step::atMillis));
        return new Scenario(profile.name(), seed, settings, steps);
    }

    private Settings settings() {
        boolean crowded = profile.isCrowded() || chance.happens(0.1);
        List<FsyncPolicy> policies = policies();
        List<List<Integer>> peers = peers();
        return new Settings(
                policies,
                peers,
                clients + bursts.clients(),
                crowded ? (int) chance.between(1, 3) : (int) chance.between(4, 64),
                crowded ? (int) chance.between(1, 2) : (int) chance.between(1, 16),
                crowded ? 1 : (int) chance.between(2, 8),
                new Network.Delays(chance.between(300, 20_000), chance.between(20_000, 300_000), chance.unit() * 0.1),
                chance.happens(0.5) ? 0 : chance.unit() * 0.1,
                profile.isOfWrongClocks() ? clockRules(chance.of("clock rules", 0)) : ClockRules.NONE,
                trimsLogs(peers),
                endMillis);
    }

    private List<FsyncPolicy> policies() {
        FsyncPolicy all = chance.oneOf(POLICIES);
        boolean same = chance.happens(0.6);
        return IntStream.range(0, nodes)
                .mapToObj(node ->
                        profile.forced() == Forced.ALWAYS ? FsyncPolicy.ALWAYS : same ? all : chance.oneOf(POLICIES))
                .toList();
    }

    private List<List<Integer>> peers() {
        boolean sparse =
                nodes > 2 && (profile.mesh() == Mesh.SPARSE || (profile.mesh() == Mesh.ANY && chance.happens(0.3)));
        boolean ring = chance.happens(0.3);
        // No two nodes follow each other.
        boolean oneWay = ring && chance.happens(0.5);
        List<List<Integer>> peers = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
            Set<Integer> followed = new TreeSet<>();
            for (int other = 0; other < nodes; other++) {
                int ahead = Math.floorMod(other - node, nodes);
                boolean next = oneWay
                        ? ahead == 1
                        : Math.abs(node - other) == 1 || (ring && Math.abs(node - other) == nodes - 1);
                if (other != node && (!sparse || next)) {
                    followed.add(other);
                }
            }
            peers.add(List.copyOf(followed));
        }
        return peers;
    }

    /**
     * Whether logs are deleted from the front. Not where disks are lost or become older: their nodes need everything
     * again. Not where a node is followed by another one that it does not know, and whose needs it cannot take into
     * account.
     */
    private boolean trimsLogs(List<List<Integer>> peers) {
        boolean losesDisks = profile.faults().stream().anyMatch(FaultKind::losesDisk);
        boolean mutual = IntStream.range(0, nodes)
                .allMatch(node -> peers.get(node).stream()
                        .allMatch(peer -> peers.get(peer).contains(node)));
        return !losesDisks && mutual && chance.of("log", 0).happens(0.5);
    }

    private void addFaults() {
        List<FaultKind> kinds = profile.faults();
        if (kinds.isEmpty()) {
            return;
        }
        if (profile.isCrowded() && chance.happens(0.4)) {
            disturbEverything();
        }
        long faults = chance.between(1, chance.happens(0.3) ? 25 : 8);
        for (long i = 0; i < faults; i++) {
            addFault(chance.oneOf(kinds), chance.between(10, endMillis - 200));
        }
    }

    private static ClockRules clockRules(Chance luck) {
        return new ClockRules(luck.happens(0.5) ? luck.between(200, 2_000) : luck.between(2_000, 20_000), true);
    }

    /** Up to half of the clocks; the others are right all the time. */
    private void addWrongClocks(Chance luck) {
        long wrong = luck.between(1, Math.max(1, nodes / 2));
        int first = luck.below(nodes);
        for (int i = 0; i < wrong; i++) {
            int node = (first + i) % nodes;
            long atMillis = luck.happens(0.5) ? 0 : luck.between(0, endMillis - 200);
            steps.add(new Step.ClockJump(atMillis, node, wrongBy(luck)));
            if (luck.happens(0.2)) {
                steps.add(new Step.ClockRate(atMillis, node, luck.happens(0.5) ? 0.5 + luck.unit() : -luck.unit()));
            }
            if (luck.happens(0.5)) {
                steps.add(new Step.ClockMend(luck.between(atMillis, endMillis - 100), node));
            }
        }
    }

    /** A power loss some time later shows whether something relied on what was not written. */
    private void addFailedForces(Chance luck) {
        if (luck.happens(0.75)) {
            return;
        }
        for (long left = luck.between(1, 3); left > 0; left--) {
            int node = luck.below(nodes);
            long atMillis = luck.between(10, endMillis - 300);
            steps.add(new Step.FailForce(atMillis, node, luck.between(1, 200)));
            long laterMillis = atMillis + luck.between(1, 2_000);
            if (luck.happens(0.7) && laterMillis < endMillis - 300) {
                steps.add(new Step.LosePower(laterMillis, node, 0, luck.between(1, 200)));
            }
        }
    }

    private static long wrongBy(Chance luck) {
        long millis = switch (luck.below(6)) {
            case 0, 1 -> luck.between(1, ClockRules.MARGIN_MILLIS);
            case 2 -> luck.between(1_000, 30_000);
            case 3 -> luck.between(60_000, 3_600_000);
            case 4 -> luck.between(3_600_000, 48L * 3_600_000);
            default -> luck.between(1, 70) * 365 * 24 * 3_600_000;
        };
        return luck.happens(0.65) ? millis : -millis;
    }

    private void disturbEverything() {
        for (int from = 0; from < nodes; from++) {
            for (int to = 0; to < nodes; to++) {
                if (from != to) {
                    steps.add(new Step.Disturb(0, from, to, endMillis));
                }
            }
        }
    }

    private void addFault(FaultKind kind, long atMillis) {
        int node = chance.below(nodes);
        int other = (node + 1 + chance.below(nodes - 1)) % nodes;
        long millis = duration(atMillis);
        switch (kind) {
            case CUT -> {
                steps.add(new Step.Cut(atMillis, node, other, millis));
                if (chance.happens(0.5)) {
                    steps.add(new Step.Cut(atMillis, other, node, duration(atMillis)));
                }
            }
            case PARTITION -> partition(atMillis, millis);
            case SLOW -> steps.add(new Step.Slow(atMillis, node, other, (int) chance.between(5, 50), millis));
            case DISTURB -> steps.add(new Step.Disturb(atMillis, node, other, millis));
            case KILL -> steps.add(new Step.Kill(atMillis, node, effects(), millis));
            case STOP -> steps.add(new Step.Stop(atMillis, node, millis));
            case LOSE_POWER -> steps.add(new Step.LosePower(atMillis, node, effects(), millis));
            case LOSE_ALL_POWER -> {
                for (int each = 0; each < nodes; each++) {
                    steps.add(new Step.LosePower(atMillis, each, 0, duration(atMillis)));
                }
            }
            case WIPE -> steps.add(new Step.Wipe(atMillis, node, millis));
            case RESTORE -> {
                steps.add(new Step.BackUp(atMillis, node));
                long later = Math.min(endMillis - 100, atMillis + chance.between(10, 3_000));
                steps.add(new Step.Restore(later, node, duration(later)));
            }
            case ROLL_BACK -> {
                steps.add(new Step.BackUp(atMillis, node));
                long later = Math.min(endMillis - 100, atMillis + chance.between(10, 3_000));
                long down = duration(later);
                steps.add(new Step.RollBack(later, node, down));
                if (chance.happens(0.5)) {
                    leaveOneWitness(atMillis, later, down, node, other);
                }
            }
            case SET_BACK -> setBack(atMillis, node, other);
            case PAUSE -> steps.add(new Step.Pause(atMillis, node, millis));
            case CLOCK_JUMP -> steps.add(new Step.ClockJump(atMillis, node, clockJump()));
            case CLOCK_RATE ->
                steps.add(
                        new Step.ClockRate(atMillis, node, chance.happens(0.5) ? 0.5 + chance.unit() : -chance.unit()));
        }
    }

    /**
     * Only one node hears what a node writes between the copy and the rollback, and it passes that on only after the
     * node has reconnected to the others. Their next writes name the lost updates, and may arrive before any report of
     * the loss.
     */
    private void leaveOneWitness(long copiedMillis, long backMillis, long downMillis, int node, int witness) {
        long restartMillis = backMillis + downMillis;
        for (int i = 0; i < 3; i++) {
            addWrite(chance.between(copiedMillis, backMillis), node);
        }
        for (int other = 0; other < nodes; other++) {
            if (other != node && other != witness) {
                addCut(copiedMillis, backMillis, node, other);
                long toldMillis = restartMillis + chance.between(50, 400);
                addCut(copiedMillis, toldMillis, witness, other);
                for (int i = 0; i < 5; i++) {
                    addWrite(toldMillis + chance.between(0, 1_000), other);
                }
            }
        }
        long apartMillis = restartMillis + chance.between(500, 3_000);
        addCut(backMillis, apartMillis, node, witness);
        addCut(backMillis, apartMillis, witness, node);
    }

    /** After its return it is cut off from the others for a while, and written to meanwhile. */
    private void setBack(long atMillis, int node, int other) {
        steps.add(new Step.BackUp(atMillis, node));
        long later = Math.min(endMillis - 100, atMillis + chance.between(100, 2_000));
        long down = chance.between(1, 50);
        steps.add(new Step.SetBack(later, node, down));
        if (chance.happens(0.5)) {
            leaveOneWitness(atMillis, later, down, node, other);
        }
        for (int i = 0; i < 4; i++) {
            addWrite(chance.between(atMillis, later), node);
            addWrite(later + down + chance.between(5, 300), node);
            addWrite(later + down + chance.between(300, 2_000), chance.below(nodes));
        }
        if (chance.happens(0.4)) {
            long againMillis = later + down + chance.between(1_600, 2_500);
            if (againMillis < endMillis - 50) {
                steps.add(new Step.Kill(againMillis, node, 0, 5));
            }
            for (int peer = 0; peer < nodes; peer++) {
                if (peer != node) {
                    addCut(againMillis, againMillis + 400, node, peer);
                    addCut(againMillis, againMillis + 400, peer, node);
                }
            }
            addWrite(againMillis + chance.between(50, 300), node);
        }
        for (int peer = 0; peer < nodes; peer++) {
            if (peer != node && chance.happens(0.7)) {
                long apartMillis = later + down + chance.between(100, 1_500);
                addCut(later, apartMillis, node, peer);
                addCut(later, apartMillis, peer, node);
            }
        }
    }

    private void addWrite(long atMillis, int node) {
        if (atMillis < endMillis - 50) {
            String key = chance.oneOf(List.of("a", "b"));
            List<Command> writes = List.of(new Command.Set(key, "v" + asks));
            steps.add(new Step.Ask(atMillis, asks++, chance.below(clients), false, node, List.of(), writes, 0));
        }
    }

    private void addCut(long fromMillis, long toMillis, int from, int to) {
        long millis = Math.min(toMillis, endMillis - 50) - fromMillis;
        if (millis > 0) {
            steps.add(new Step.Cut(fromMillis, from, to, millis));
        }
    }

    /** Everything between two groups of nodes is cut. */
    private void partition(long atMillis, long millis) {
        int side = 1 + chance.below((1 << nodes) - 2);
        boolean oneWay = chance.happens(0.3);
        for (int from = 0; from < nodes; from++) {
            for (int to = 0; to < nodes; to++) {
                boolean across = (side >> from & 1) == 1 && (side >> to & 1) == 0;
                if (across) {
                    steps.add(new Step.Cut(atMillis, from, to, millis));
                    if (!oneWay) {
                        steps.add(new Step.Cut(atMillis, to, from, millis));
                    }
                }
            }
        }
    }

    /** Short or long, and over before the faults end. */
    private long duration(long atMillis) {
        long millis = chance.happens(0.5) ? chance.between(1, 200) : chance.between(200, 5_000);
        return Math.max(1, Math.min(millis, endMillis - atMillis - 50));
    }

    private int effects() {
        return chance.happens(0.2) ? 0 : (int) chance.between(1, 30);
    }

    private long clockJump() {
        long millis = chance.happens(0.5) ? chance.between(1, 5_000) : chance.between(60_000, 50L * 3_600_000);
        return chance.happens(0.5) ? millis : -millis;
    }
}
