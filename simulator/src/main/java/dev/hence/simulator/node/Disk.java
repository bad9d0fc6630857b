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
 * A machine's disk: batches in the order in which they were written. Each is there as a whole or not at all, and what
 * is left after a loss is always a beginning of what was written.
 */
final class Disk {
    /**
     * What a node notes of itself when it opens the disk and when it closes it.
     *
     * @param identity who writes on it, and did before
     * @param storage what tells this disk from a copy of it
     * @param boot what tells this run of the operating system from the next
     * @param everyWriteForced whether its policy was to force every write to the disk
     * @param closedInOrder whether it was closed after the last write
     */
    record Note(Identity identity, long storage, long boot, boolean everyWriteForced, boolean closedInOrder) {}

    /**
     * All that a disk holds, at one moment.
     *
     * @param notedAt how many batches there were when the note was made
     * @param storage which disk it was made of
     */
    record Copy(@Nullable Note note, int notedAt, long storage, List<CommitBatch> batches) {}

    static final Copy EMPTY = new Copy(null, 0, -1, List.of());

    private final List<CommitBatch> batches = new ArrayList<>();
    private @Nullable Note note;
    private int notedAt;
    private int synced;
    private long storage;

    /** Writes a batch; it survives the process from now on, and the machine when it is synced. */
    void append(CommitBatch changes) {
        batches.add(changes);
    }

    /** Makes all that was written survive a power loss. */
    void sync() {
        synced = batches.size();
    }

    /** Notes something of the node, and syncs. */
    void note(Note news) {
        note = news;
        notedAt = batches.size();
        sync();
    }

    /** What was noted last; null on a new disk. */
    @Nullable
    Note note() {
        return note;
    }

    /** The same for a disk that a process has opened, and so noted something on. */
    Note requireNote() {
        if (note == null) {
            throw new IllegalStateException("disk: nothing was noted (expected: opened by a process)");
        }
        return note;
    }

    /** What tells this disk from others. */
    long storage() {
        return storage;
    }

    /** The batches, the oldest first. */
    List<CommitBatch> batches() {
        return List.copyOf(batches);
    }

    /** What a node goes on from; null if nothing was ever noted. */
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

    /** Power is lost: of what was not synced, the operating system had written some; the rest is returned. */
    List<Update> losePower(Chance chance) {
        int kept = (int) chance.between(synced, batches.size());
        List<Update> lost = updates(batches.subList(kept, batches.size()));
        batches.subList(kept, batches.size()).clear();
        sync();
        return lost;
    }

    /** A copy as a backup makes it: what was written up to now. */
    Copy copy() {
        return new Copy(note, notedAt, storage, batches());
    }

    /** Another disk takes the place of this one. */
    void replace(Copy with) {
        batches.clear();
        batches.addAll(with.batches());
        note = with.note();
        notedAt = with.notedAt();
        storage++;
        sync();
    }

    /** Whether a copy is an earlier state of this very disk. */
    boolean holds(Copy copy) {
        int size = copy.batches().size();
        return copy.storage() == storage
                && size <= batches.size()
                && copy.note() != null
                && (size == 0 || copy.batches().getLast().equals(batches.get(size - 1)));
    }

    /** Goes back to an earlier state of itself, and nothing tells the difference. */
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
