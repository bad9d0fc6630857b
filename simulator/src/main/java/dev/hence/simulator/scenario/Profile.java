package dev.hence.simulator.scenario;

import dev.hence.simulator.world.Chance;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A class of faults, from which a seed generates a scenario.
 *
 * @param name its name in options and messages
 * @param summary a description of its faults
 * @param mesh the topology of following
 * @param forced the fsync policies of the nodes
 * @param faults the faults injected into the cluster
 */
public record Profile(String name, String summary, Mesh mesh, Forced forced, List<FaultKind> faults) {
    private static final String WRONG_CLOCKS = "wrong-clocks";

    /** The profiles among which seeds are divided. */
    public static final List<Profile> ALL = List.of(
            new Profile("calm", "no faults, only delays", Mesh.FULL, Forced.MIXED, List.of()),
            new Profile(
                    "network",
                    "links are cut in one direction or both, slow, and out of order",
                    Mesh.FULL,
                    Forced.MIXED,
                    List.of(FaultKind.CUT, FaultKind.PARTITION, FaultKind.SLOW, FaultKind.DISTURB)),
            new Profile(
                    "relay",
                    "not every node follows every other, and links are cut",
                    Mesh.SPARSE,
                    Forced.MIXED,
                    List.of(FaultKind.CUT, FaultKind.PARTITION, FaultKind.KILL)),
            new Profile(
                    "crash",
                    "processes are killed between any two effects, and shut down in order",
                    Mesh.FULL,
                    Forced.MIXED,
                    List.of(FaultKind.KILL, FaultKind.STOP, FaultKind.CUT)),
            new Profile(
                    "power",
                    "machines lose power, and everything that was not synced to disk; fsyncs fail",
                    Mesh.FULL,
                    Forced.MIXED,
                    List.of(
                            FaultKind.LOSE_POWER,
                            FaultKind.LOSE_ALL_POWER,
                            FaultKind.STOP,
                            FaultKind.KILL,
                            FaultKind.CUT)),
            new Profile(
                    "forced",
                    "as `power`, with every write synced to disk",
                    Mesh.FULL,
                    Forced.ALWAYS,
                    List.of(FaultKind.LOSE_POWER, FaultKind.LOSE_ALL_POWER, FaultKind.KILL, FaultKind.CUT)),
            new Profile(
                    "disk",
                    "disks are lost, or replaced by old copies of them",
                    Mesh.FULL,
                    Forced.MIXED,
                    List.of(FaultKind.WIPE, FaultKind.RESTORE, FaultKind.KILL, FaultKind.CUT)),
            new Profile(
                    "rollback",
                    "machines are rolled back to a snapshot, undetectably from their disks",
                    Mesh.ANY,
                    Forced.MIXED,
                    List.of(FaultKind.ROLL_BACK, FaultKind.KILL, FaultKind.CUT)),
            new Profile(
                    "clocks",
                    "wall clocks jump by hours, drift and run backwards",
                    Mesh.FULL,
                    Forced.MIXED,
                    List.of(FaultKind.CLOCK_JUMP, FaultKind.CLOCK_RATE, FaultKind.KILL, FaultKind.CUT)),
            new Profile(
                    "pauses",
                    "processes stop for a while, as in a long garbage collection",
                    Mesh.FULL,
                    Forced.MIXED,
                    List.of(FaultKind.PAUSE, FaultKind.CUT, FaultKind.KILL)),
            new Profile(
                    "crowded",
                    "buffers and windows are very small",
                    Mesh.ANY,
                    Forced.MIXED,
                    List.of(FaultKind.CUT, FaultKind.SLOW, FaultKind.DISTURB, FaultKind.PAUSE, FaultKind.KILL)),
            new Profile(
                    WRONG_CLOCKS,
                    "up to half of the wall clocks are wrong, by less than a second up to decades, until they are"
                            + " corrected or to the end; expired keys are removed",
                    Mesh.ANY,
                    Forced.MIXED,
                    List.of(FaultKind.KILL, FaultKind.STOP, FaultKind.CUT, FaultKind.PARTITION)),
            new Profile("everything", "all these faults combined", Mesh.ANY, Forced.MIXED, FaultKind.MENDED));

    /** These, and one that is run only on request: its faults are not repaired without an operator. */
    public static final List<Profile> NAMED = Stream.concat(
                    ALL.stream(),
                    Stream.of(new Profile(
                            "fork",
                            "machines are rolled back to a snapshot and written to before they hear from the others;"
                                    + " only if selected by name",
                            Mesh.FULL,
                            Forced.MIXED,
                            List.of(FaultKind.SET_BACK, FaultKind.KILL, FaultKind.CUT))))
            .toList();

    /** Copies the list. */
    public Profile {
        faults = List.copyOf(faults);
    }

    /** The faults of a cluster. */
    public enum FaultKind {
        CUT,
        PARTITION,
        SLOW,
        DISTURB,
        KILL,
        STOP,
        LOSE_POWER,
        LOSE_ALL_POWER,
        WIPE,
        RESTORE,
        ROLL_BACK,
        SET_BACK,
        PAUSE,
        CLOCK_JUMP,
        CLOCK_RATE;

        /** Whether a node comes back without updates that it had durably. */
        boolean losesDisk() {
            return this == WIPE || this == RESTORE || this == ROLL_BACK || this == SET_BACK;
        }

        /** The faults after which a cluster converges by itself. */
        private static final List<FaultKind> MENDED =
                Arrays.stream(values()).filter(kind -> kind != SET_BACK).toList();
    }

    /** The topology of following. */
    public enum Mesh {
        /** Every node follows every other. */
        FULL,
        /** A line or a ring. */
        SPARSE,
        /** Either. */
        ANY
    }

    /** The fsync policies of the nodes. */
    public enum Forced {
        /** Every write is forced to the disk. */
        ALWAYS,
        /** Any policy, often different at the nodes. */
        MIXED
    }

    /** Whether some clocks are wrong, and nodes defend against them. */
    boolean isOfWrongClocks() {
        return name.equals(WRONG_CLOCKS);
    }

    /** Whether buffers and windows are minimal. */
    boolean isCrowded() {
        return name.equals("crowded");
    }

    /** The scenario of a seed. */
    public Scenario scenario(long seed) {
        return scenario(seed, false);
    }

    /** The scenario of a seed, with clients that only assign and remove strings. */
    public Scenario scenarioOfRegisters(long seed) {
        return scenario(seed, true);
    }

    private Scenario scenario(long seed, boolean registersOnly) {
        return new ScenarioMaker(this, seed, registersOnly, new Chance(seed).of("scenario of " + name, 0)).make();
    }

    /**
     * The profile of a seed when all profiles are run. Every 13th seed has wrong clocks: that profile was added last,
     * and so the seeds of the others, many of which are pinned by tests, keep their meaning.
     */
    public static Profile ofSeed(long seed) {
        long others = ALL.size() - 1L;
        if (Math.floorMod(seed, others + 1) == 0) {
            return named(WRONG_CLOCKS).orElseThrow();
        }
        return ALL.stream()
                .filter(profile -> !profile.isOfWrongClocks())
                .toList()
                .get((int) Math.floorMod(seed, others));
    }

    /** Returns the profile with a name; empty if there is none. */
    public static Optional<Profile> named(String name) {
        return NAMED.stream().filter(profile -> profile.name().equals(name)).findFirst();
    }

    /** The names of all profiles. */
    public static List<String> names() {
        return NAMED.stream().map(Profile::name).toList();
    }
}
