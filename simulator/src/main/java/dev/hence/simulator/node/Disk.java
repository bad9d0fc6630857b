package dev.hence.simulator.node;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Identity;
import dev.hence.core.replica.Replica;
import dev.hence.core.update.Update;
import dev.hence.simulator.world.Chance;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A machine's disk: batches in the order in which they were written. Each is present as a whole or not at all, and the
 * batches left after a loss are always a prefix of those written.
 */
final class Disk {
    /**
     * The note that a node writes when it opens the disk and when it closes it.
     *
     * @param identity the present and earlier identities of the writer
     * @param storage distinguishes this disk from a copy of it
     * @param boot distinguishes this run of the operating system from the next
     * @param everyWriteForced whether the policy was to force every write to the disk
     * @param closedInOrder whether it was closed after the last write
     */
    record Note(Identity identity, long storage, long boot, boolean everyWriteForced, boolean closedInOrder) {}

    /**
     * The whole content of a disk at one moment.
     *
     * @param notedAt the number of batches when the note was written
     * @param storage the disk that was copied
     */
    record Copy(@Nullable Note note, int notedAt, long storage, List<CommitBatch> batches) {}

    static final Copy EMPTY = new Copy(null, 0, -1, List.of());

    private final List<CommitBatch> batches = new ArrayList<>();
    private @Nullable Note note;
    private int notedAt;
    private int synced;
    private long storage;

    /** Writes a batch; it survives a crash of the process from now on, and a power loss once it is synced. */
    void append(CommitBatch changes) {
        batches.add(changes);
    }

    /** Forces everything written so far, so that it survives a power loss. */
    void sync() {
        synced = batches.size();
    }

    /** Writes a note, and syncs. */
    void note(Note news) {
        note = news;
        notedAt = batches.size();
        sync();
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

    /** The batches, the oldest first. */
    List<CommitBatch> batches() {
        return List.copyOf(batches);
    }

    /** The state from which a node resumes; null if there is no note. */
    Replica.@Nullable Recovered recovered() {
        if (note == null) {
            return null;
        }
        if (batches.isEmpty()) {
            return new Replica.Recovered(note.identity(), VersionVector.EMPTY, 0);
        }
        CommitBatch last = batches.getLast();
        Identity identity = batches.size() > notedAt ? last.identity() : note.identity();
        return new Replica.Recovered(identity, last.clock(), last.timestamp());
    }

    /** Loses power: of the batches not synced, the operating system had written some; the rest is returned. */
    List<Update> losePower(Chance chance) {
        int kept = (int) chance.between(synced, batches.size());
        List<Update> lost = updates(batches.subList(kept, batches.size()));
        batches.subList(kept, batches.size()).clear();
        sync();
        return lost;
    }

    /** Returns a copy like a backup: everything written so far. */
    Copy copy() {
        return new Copy(note, notedAt, storage, batches());
    }

    /** Replaces this disk by another one. */
    void replace(Copy with) {
        batches.clear();
        batches.addAll(with.batches());
        note = with.note();
        notedAt = with.notedAt();
        storage++;
        sync();
    }

    /** Whether a copy is an earlier state of this same disk. */
    boolean holds(Copy copy) {
        int size = copy.batches().size();
        return copy.storage() == storage
                && size <= batches.size()
                && copy.note() != null
                && (size == 0 || copy.batches().getLast().equals(batches.get(size - 1)));
    }

    /** Rolls back to an earlier state of itself, undetectably. */
    void rollBack(Copy earlier) {
        batches.subList(earlier.batches().size(), batches.size()).clear();
        note = earlier.note();
        notedAt = earlier.notedAt();
        sync();
    }

    /** The updates of all batches, the oldest first. */
    List<Update> updates() {
        return updates(batches);
    }

    private static List<Update> updates(List<CommitBatch> batches) {
        return batches.stream().flatMap(batch -> batch.delivered().stream()).toList();
    }
}
