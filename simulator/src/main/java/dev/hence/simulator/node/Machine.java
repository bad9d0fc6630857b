package dev.hence.simulator.node;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replica.Identity;
import dev.hence.core.replica.IdentityRule;
import dev.hence.core.update.Update;
import dev.hence.simulator.check.Violation;
import dev.hence.simulator.scenario.FsyncPolicy;
import dev.hence.simulator.scenario.Settings;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.world.Chance;
import dev.hence.simulator.world.WallClock;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A machine: a disk, a wall clock and, while it runs, the process of one node. Faults are injected into it.
 *
 * <p>A process is killed between any two of its <em>effects</em>, which are its externally visible actions: a batch
 * that is written, forced, readable or published, a message, an answer.
 */
public final class Machine {
    /** Unwinds the stack of a process that was killed in the middle of an action. */
    private static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Died() {
            super("killed", null, false, false);
        }
    }

    private final Cluster cluster;
    private final int number;
    private final Chance chance;
    private final WallClock wallClock;
    private final Disk disk;
    private final Queue<Runnable> deferred = new ArrayDeque<>();
    private @Nullable NodeProcess process;
    private Disk.@Nullable Copy backup;
    private @Nullable Runnable atEffect;
    private int effectsLeft;
    private boolean powered = true;
    private int pauses;
    private boolean keptFromClients;
    private long boot;
    private final long[] disturbedUntilMicros;
    private long downUntilMicros;
    private long downAfterFailureMillis;
    private long calmSinceMillis = Long.MAX_VALUE;

    Machine(Cluster cluster, int number, Chance chance) {
        this.cluster = cluster;
        this.number = number;
        this.chance = chance;
        this.disk = new Disk(chance.of("disk", 0), cluster.tracer());
        this.wallClock = new WallClock(cluster.agenda());
        this.disturbedUntilMicros = new long[cluster.settings().nodes()];
    }

    /** The maximum number of updates that a node buffers of one origin: the next frame is always accepted. */
    public static int bufferedUpdatesMax(Settings settings) {
        return Math.max(settings.bufferUpdatesMax(), Writer.FRAME_UPDATES_MAX);
    }

    /** The number of the node, from 0. */
    public int number() {
        return number;
    }

    /** The name of the node. */
    public String name() {
        return Settings.nodeName(number);
    }

    public WallClock wallClock() {
        return wallClock;
    }

    /** The running process; null if there is none. */
    public @Nullable NodeProcess process() {
        return process;
    }

    /** Whether the machine has power. */
    public boolean isPowered() {
        return powered;
    }

    Cluster cluster() {
        return cluster;
    }

    /** For each node of the cluster, the nodes that it follows. */
    public List<List<Integer>> peers() {
        return cluster.settings().peers();
    }

    Disk disk() {
        return disk;
    }

    Chance chance() {
        return chance;
    }

    FsyncPolicy fsync() {
        return cluster.settings().fsync().get(number);
    }

    ReplicaId newIncarnation() {
        return new ReplicaId(name(), chance.bits());
    }

    // --- the process ---

    /** Starts the process, unless it runs or must stay down for longer. */
    public void start() {
        if (process != null || cluster.agenda().nowMicros() < downUntilMicros) {
            return;
        }
        powered = true;
        cluster.network().power(number, true);
        Store store;
        try {
            store = disk.open(boot);
        } catch (FailedDiskException failed) {
            fault(Event.Kind.FSYNC_FAILED, "cannot start, because an fsync failed");
            down(downAfterFailureMillis);
            return;
        }
        Identity identity = settled(store);
        disk.note(new Disk.Note(identity, disk.storage(), boot, fsync() == FsyncPolicy.ALWAYS, false));
        NodeProcess started = new NodeProcess(this, store, identity);
        process = started;
        disk.files().watch(this::effect);
        Tracer tracer = cluster.tracer();
        tracer.tell(new Event.Started(
                tracer.now(),
                number,
                tracer.of(identity.self()),
                tracer.of(store.atStart()),
                tracer.of(store.position().clock())));
        // Opening the disk has forced everything on it.
        tracer.tell(new Event.Synced(tracer.now(), number));
        run(started, started::begin);
    }

    /** The identity under which the node writes. */
    private Identity settled(Store store) {
        Disk.Note note = disk.note();
        if (note == null) {
            return Identity.of(newIncarnation());
        }
        IdentityRule.Evidence evidence = new IdentityRule.Evidence(
                note.storage() == disk.storage(),
                note.closedInOrder(),
                note.everyWriteForced(),
                note.boot() == boot,
                store.endDropped());
        return IdentityRule.whyRenew(evidence).isEmpty()
                ? note.identity()
                : note.identity().renewed(newIncarnation());
    }

    /** Runs an action of a process: not if it has died since, and later if it is paused. */
    void run(NodeProcess doer, Runnable what) {
        if (process != doer) {
            return;
        }
        if (pauses > 0) {
            deferred.add(() -> run(doer, what));
            return;
        }
        try {
            what.run();
        } catch (Died died) {
            // The stack of a dead process is gone.
        } catch (Violation seen) {
            throw seen;
        } catch (FailedDiskException failed) {
            failed(failed);
        } catch (RuntimeException | AssertionError broken) {
            throw broken(broken);
        }
    }

    private void failed(FailedDiskException failed) {
        if (!failed.isInjected()) {
            throw broken(failed);
        }
        fault(Event.Kind.FSYNC_FAILED, "ends, because an fsync failed");
        end(Event.Stop.FAILED);
        down(downAfterFailureMillis);
    }

    private Violation broken(Throwable why) {
        return new Violation("invariants of the node", name() + " stopped itself: " + why);
    }

    /** Records an effect of the process, which may be its last one. */
    void effect() {
        Runnable fault = atEffect;
        if (fault != null && --effectsLeft <= 0) {
            atEffect = null;
            fault.run();
            throw new Died();
        }
    }

    /** The process has ended by itself. */
    void closed(NodeProcess closed) {
        if (process == closed) {
            end(Event.Stop.CLOSED);
            start();
        }
    }

    /** Ends the faults: pending ones are cancelled, and the machine runs. */
    public void calm() {
        atEffect = null;
        calmSinceMillis = cluster.agenda().nowMicros() / 1_000;
        disk.files().mend();
        start();
    }

    /** Whether the faults ended before a moment. */
    boolean isCalmSince(long millis) {
        return calmSinceMillis < millis;
    }

    // --- faults ---

    /** Kills the process after a number of further effects; 0 for at once. */
    public void kill(int effects, long downMillis) {
        afterEffects(effects, () -> {
            if (process != null) {
                fault(Event.Kind.KILLED, "killed");
                end(Event.Stop.KILLED);
            }
            down(downMillis);
        });
    }

    /** Loses power after a number of further effects; 0 for at once. */
    public void losePower(int effects, long downMillis) {
        afterEffects(effects, () -> {
            fault(Event.Kind.POWER_LOST, "lost power");
            powerOff();
            lost(Event.Loss.UNSYNCED, disk.losePower(), List.of());
            down(downMillis);
        });
    }

    /** Makes the next fsync fail. */
    public void failForce(long downMillis) {
        disk.files().failNextForce();
        downAfterFailureMillis = downMillis;
    }

    /** Stops the process cleanly. */
    public void stop(long downMillis) {
        NodeProcess running = process;
        if (running != null) {
            downUntilMicros = Math.max(downUntilMicros, cluster.agenda().nowMicros() + downMillis * 1_000);
            run(running, running::close);
        }
        down(downMillis);
    }

    /** Loses power, and returns with an empty disk. */
    public void wipe(long downMillis) {
        fault(Event.Kind.WIPED, "lost its disk");
        powerOff();
        replaceDisk(Event.Loss.WIPED, disk::wipe);
        down(downMillis);
    }

    /** Makes a copy of the disk. */
    public void backUp() {
        backup = disk.copy();
    }

    /** Loses power, and returns with the last copy of the disk. */
    public void restore(long downMillis) {
        Disk.Copy old = backup;
        if (old != null) {
            fault(Event.Kind.RESTORED, "came back with an old copy of its disk");
            powerOff();
            replaceDisk(Event.Loss.RESTORED, () -> disk.replace(old));
            down(downMillis);
        }
    }

    /**
     * Rolls the disk back in place to its last copy; clients are kept away until the peers have reported what is lost.
     */
    public void rollBack(long downMillis) {
        setBack(Event.Loss.ROLLED_BACK, downMillis);
    }

    /** Rolls the disk back in place, and does not keep clients away. */
    public void setBack(long downMillis) {
        setBack(Event.Loss.SET_BACK, downMillis);
    }

    private void setBack(Event.Loss how, long downMillis) {
        Disk.Copy old = backup;
        if (old != null && disk.holds(old)) {
            fault(Event.Kind.ROLLED_BACK, "was set back to a snapshot");
            if (process != null) {
                end(Event.Stop.KILLED);
            }
            List<Update> before = disk.updates();
            disk.rollBack(old);
            lost(how, without(before, disk.updates()), List.of());
            keptFromClients |= how == Event.Loss.ROLLED_BACK;
            down(downMillis);
        }
    }

    /** Whether it has an update of a replica, on its disk or in its buffer, that is not in a given clock. */
    boolean holdsUnknownTo(ReplicaId replica, VersionVector known) {
        NodeProcess running = process;
        return (running != null && running.buffersUnknown(replica, known))
                || disk.updates().stream()
                        .map(Update::dot)
                        .anyMatch(dot -> dot.replica().equals(replica) && !known.contains(dot));
    }

    /** Whether clients must not use this machine now. */
    boolean isKeptFromClients() {
        NodeProcess running = process;
        if (keptFromClients && running != null && running.hasHeardEverything()) {
            keptFromClients = false;
        }
        return keptFromClients;
    }

    /** Pauses the process for a time. */
    public void pause(long millis) {
        fault(Event.Kind.PAUSED, "paused for " + millis + " ms");
        pauses++;
        cluster.agenda().after(millis * 1_000, () -> {
            pauses--;
            for (int left = deferred.size(); pauses == 0 && left > 0; left--) {
                deferred.remove().run();
            }
        });
    }

    /** Reorders and duplicates, for a time, the updates that the process reads from a peer. */
    public void disturb(int peer, long millis) {
        disturbedUntilMicros[peer] =
                Math.max(disturbedUntilMicros[peer], cluster.agenda().nowMicros() + millis * 1_000);
    }

    boolean isDisturbed(int peer) {
        return cluster.agenda().nowMicros() < disturbedUntilMicros[peer];
    }

    private void afterEffects(int effects, Runnable fault) {
        if (effects == 0 || process == null) {
            fault.run();
        } else {
            atEffect = fault;
            effectsLeft = effects;
        }
    }

    private void powerOff() {
        powered = false;
        cluster.network().power(number, false);
        boot++;
        if (process != null) {
            end(Event.Stop.POWER_LOST);
        }
    }

    private void end(Event.Stop how) {
        NodeProcess ending = process;
        if (ending != null) {
            process = null;
            atEffect = null;
            ending.gone(powered);
            cluster.tracer().tell(new Event.Stopped(cluster.tracer().now(), number, how));
        }
    }

    private void replaceDisk(Event.Loss how, Runnable replacement) {
        List<Update> before = disk.updates();
        replacement.run();
        List<Update> after = disk.updates();
        lost(how, without(before, after), without(after, before));
    }

    private static List<Update> without(List<Update> some, List<Update> others) {
        Set<Update> left = Collections.newSetFromMap(new IdentityHashMap<>());
        left.addAll(some);
        others.forEach(left::remove);
        return some.stream().filter(left::contains).toList();
    }

    private void lost(Event.Loss how, List<Update> lost, List<Update> regained) {
        Tracer tracer = cluster.tracer();
        tracer.tell(new Event.DiskLost(tracer.now(), number, how, tracer.of(lost), tracer.of(regained)));
    }

    private void down(long millis) {
        downUntilMicros = Math.max(downUntilMicros, cluster.agenda().nowMicros() + millis * 1_000);
        cluster.agenda().after(millis * 1_000, this::start);
    }

    private void fault(Event.Kind kind, String what) {
        cluster.tracer().tell(new Event.Fault(cluster.tracer().now(), number, kind, name() + " " + what));
    }
}
