package dev.hence.simulator.node;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.node.LogPosition;
import dev.hence.core.replica.Identity;
import dev.hence.core.update.Update;
import dev.hence.engine.log.CheckedLog;
import dev.hence.engine.log.LogTail;
import dev.hence.engine.log.SegmentLog;
import dev.hence.engine.storage.LargeRows;
import dev.hence.engine.storage.UpdateLog;
import dev.hence.simulator.check.Violation;
import dev.hence.simulator.world.Chance;
import dev.hence.simulator.world.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A machine's disk: the files of the log, and beside them the note and the checkpoint of the rows, each of which is
 * replaced atomically and survives a power loss.
 */
final class Disk {
    static final Path LOG = Path.of("log");

    /** Small, so that a short run fills several segments. */
    static final SegmentLog.Sizes SIZES = new SegmentLog.Sizes(1_500, 400);

    /**
     * What a node records when it opens the disk, takes another identity, and closes the disk.
     *
     * @param identity the present and earlier identities of the writer
     * @param storage distinguishes this disk from a copy of it
     * @param boot distinguishes this run of the operating system from the next
     * @param everyWriteForced whether the policy was to force every write to the disk
     * @param closedInOrder whether it was closed after the last write
     */
    record Note(Identity identity, long storage, long boot, boolean everyWriteForced, boolean closedInOrder) {
        Note with(Identity other) {
            return new Note(other, storage, boot, everyWriteForced, closedInOrder);
        }
    }

    /** Rows, and the place in the log that they belong to. */
    record Checkpoint(MemoryState rows, LogPosition position) {
        static Checkpoint empty() {
            return new Checkpoint(new MemoryState(), LogPosition.START);
        }
    }

    /**
     * The whole content of a disk at one moment.
     *
     * @param storage the disk that was copied
     */
    record Copy(@Nullable Note note, Checkpoint checkpoint, SimulatedDisk files, List<Update> updates, long storage) {}

    private final Chance chance;
    private final Tracer tracer;
    private SimulatedDisk files;
    private @Nullable Note note;
    private Checkpoint checkpoint = Checkpoint.empty();

    /** What is in the log, or was deleted from its front, according to those who wrote it. */
    private final List<Update> updates = new ArrayList<>();

    private long storage;

    Disk(Chance chance, Tracer tracer) {
        this.chance = chance;
        this.tracer = tracer;
        this.files = new SimulatedDisk(chance);
    }

    /** The files of the log. */
    SimulatedDisk files() {
        return files;
    }

    /**
     * Opens the log, which drops an end that a crash left, and forces it.
     *
     * @param boot the present run of the operating system
     * @throws FailedDiskException if a force failed
     * @throws Violation if a node would not start on it
     */
    Store open(long boot) {
        files.watch(() -> {});
        try {
            CheckedLog checked = CheckedLog.of(LOG, files, true);
            boolean sameBoot = note != null && note.boot() == boot;
            if (!checked.check().mayBeOpened(note == null || note.everyWriteForced(), sameBoot)) {
                throw new Violation("durability", "the log is damaged: " + checked.check());
            }
            boolean endDropped = checked.check().mayDropWhatWasSeen(sameBoot);
            SegmentLog segments = checked.open(files, SIZES, chance::bits);
            return new Store(this, tracer, segments, checkpoint, endDropped, chance);
        } catch (Violation seen) {
            throw seen;
        } catch (SimulatedDisk.ForceFailedException failed) {
            throw new FailedDiskException(failed);
        } catch (IOException | RuntimeException | AssertionError damaged) {
            throw new Violation("durability", "a node cannot start on its log: " + damaged);
        }
    }

    /** Records what was appended to the log. */
    void appended(List<Update> more) {
        updates.addAll(more);
    }

    /** Replaces the checkpoint. */
    void checkpoint(Checkpoint newer) {
        checkpoint = newer;
    }

    /** The number of updates that the checkpoint holds. */
    long checkpointed() {
        return checkpoint.position().sequence();
    }

    /** Replaces the note. */
    void note(Note news) {
        note = news;
    }

    /** The last note; null on a new disk. */
    @Nullable
    Note note() {
        return note;
    }

    /** The last note of a disk that a process has opened, and which therefore has one. */
    Note requireNote() {
        if (note == null) {
            throw new IllegalStateException("disk: nothing was noted (expected: opened by a process)");
        }
        return note;
    }

    /** The identifier of this disk. */
    long storage() {
        return storage;
    }

    /** Loses power; returns the updates that are not in the log any more. */
    List<Update> losePower() {
        files.losePower();
        List<Update> left = readable();
        List<Update> lost = List.copyOf(updates.subList(left.size(), updates.size()));
        updates.subList(left.size(), updates.size()).clear();
        return lost;
    }

    /** The updates that a start would find in the log. */
    private List<Update> readable() {
        try {
            SimulatedDisk copied = files.copy(chance);
            SegmentLog segments = CheckedLog.of(LOG, copied, true).open(copied, SIZES, chance::bits);
            UpdateLog log = new UpdateLog(segments, new LargeRows(), new LogTail(0));
            return held(log, segments.firstSequence());
        } catch (IOException damaged) {
            throw new Violation("durability", "a log cannot be read: " + damaged);
        }
    }

    /**
     * Returns the updates that a log holds, and before them those that were deleted from it. The log must hold the first
     * ones that were written.
     *
     * @param first the sequence of the first update that was not deleted
     */
    List<Update> held(UpdateLog log, long first) throws IOException {
        List<Update> found = new ArrayList<>(updates.subList(0, Math.toIntExact(Math.min(first, updates.size()))));
        found.addAll(tracer.known(log.deliveries(first, Integer.MAX_VALUE, Long.MAX_VALUE)));
        if (found.size() > updates.size() || !found.equals(updates.subList(0, found.size()))) {
            throw new Violation(
                    "durability",
                    "a log holds " + found.stream().map(Update::dot).toList() + " (expected: a beginning of "
                            + updates.stream().map(Update::dot).toList() + ", which were written)");
        }
        return found;
    }

    /** Returns a copy like a backup: everything written so far. */
    Copy copy() {
        return new Copy(note, checkpoint, files.copy(chance), List.copyOf(updates), storage);
    }

    /** Replaces this disk by an empty one. */
    void wipe() {
        replace(new Copy(null, Checkpoint.empty(), new SimulatedDisk(chance), List.of(), storage));
    }

    /** Replaces this disk by another one. */
    void replace(Copy with) {
        set(with);
        storage++;
    }

    private void set(Copy with) {
        note = with.note();
        checkpoint = with.checkpoint();
        files = with.files().copy(chance);
        updates.clear();
        updates.addAll(with.updates());
    }

    /** Whether a copy is an earlier state of this same disk. */
    boolean holds(Copy copy) {
        int size = copy.updates().size();
        return copy.storage() == storage
                && size <= updates.size()
                && copy.note() != null
                && (size == 0 || copy.updates().getLast().equals(updates.get(size - 1)));
    }

    /** Rolls back to an earlier state of itself, undetectably. */
    void rollBack(Copy earlier) {
        set(earlier);
    }

    /** The updates of a replica, up to and including a counter. */
    List<Update> updatesOf(ReplicaId replica, long upTo) {
        return updates.stream()
                .filter(update ->
                        update.dot().replica().equals(replica) && update.dot().counter() <= upTo)
                .toList();
    }

    /** The updates in the log, or deleted from its front, the oldest first. */
    List<Update> updates() {
        return List.copyOf(updates);
    }
}
