package dev.hence.simulator.node;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.keyspace.State;
import dev.hence.core.node.LogPosition;
import dev.hence.core.node.Recovery;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Identity;
import dev.hence.core.update.Lineage;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.EncodedFrame;
import dev.hence.engine.log.LogLimits;
import dev.hence.engine.log.LogTail;
import dev.hence.engine.log.SegmentLog;
import dev.hence.engine.storage.LargeRows;
import dev.hence.engine.storage.UpdateLog;
import dev.hence.simulator.node.Disk.Checkpoint;
import dev.hence.simulator.world.Chance;
import java.io.IOException;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * The storage of a running process: the engine's log on the simulated disk, and the rows in memory, of which the disk
 * has a checkpoint. Like the engine's storage it recovers from both.
 */
final class Store implements Lineage.Log {
    /** Small, so that most of the log is read from the files. */
    private static final long TAIL_BYTES = 500;

    /** Small, so that a short run deletes several segments. */
    private static final LogLimits LIMITS = new LogLimits(1_000);

    private final Disk disk;
    private final Tracer tracer;
    private final SegmentLog segments;
    private final UpdateLog log;
    private final MemoryState rows;
    private final List<Update> atStart;
    private final boolean endDropped;
    private final LogPosition checkpoint;
    private LogPosition position;

    /**
     * @param checkpoint the newest one on the disk
     * @param endDropped whether an end of the log was dropped that may have been seen
     * @param chance decides how many steps the recovery takes
     * @throws IllegalStateException if the log does not continue the checkpoint
     */
    Store(Disk disk, Tracer tracer, SegmentLog segments, Checkpoint checkpoint, boolean endDropped, Chance chance)
            throws IOException {
        this.disk = disk;
        this.tracer = tracer;
        this.segments = segments;
        this.log = new UpdateLog(segments, new LargeRows(), new LogTail(TAIL_BYTES));
        this.rows = checkpoint.rows().copy();
        this.endDropped = endDropped;
        this.checkpoint = checkpoint.position();
        this.atStart = disk.held(log, segments.firstSequence());
        this.position = checkpoint.position();
        recover(chance);
    }

    private void recover(Chance chance) throws IOException {
        if (position.sequence() == segments.endSequence()) {
            return;
        }
        // Nothing is made, so the identity does not matter.
        Identity identity = disk.requireNote().identity();
        Recovery recovery = new Recovery(identity, position, segments.endSequence(), rows, this);
        log.forEach(position.sequence(), frame -> {
            recovery.read(frame);
            if (chance.happens(0.2)) {
                apply(recovery);
            }
            return true;
        });
        apply(recovery);
        recovery.requireDone();
        position = recovery.position();
    }

    private void apply(Recovery recovery) {
        CommitBatch changes = recovery.take();
        if (changes != null) {
            rows.store(changes.keys());
        }
    }

    /** The updates in the log when it was opened, and those that were deleted from it before. */
    List<Update> atStart() {
        return atStart;
    }

    /** Whether an end of the log was dropped that a client or a peer may have seen. */
    boolean endDropped() {
        return endDropped;
    }

    /** The place in the log that the rows belonged to when it was opened. */
    LogPosition position() {
        return position;
    }

    /** The place of the newest checkpoint when it was opened. */
    LogPosition checkpoint() {
        return checkpoint;
    }

    /** The size of the log. */
    long bytes() {
        return segments.bytes();
    }

    /** An update must not be in the log before the identity that it was made under is on the disk. */
    void append(CommitBatch changes) {
        Disk.Note note = disk.requireNote();
        if (!note.identity().equals(changes.identity())) {
            disk.note(note.with(changes.identity()));
        }
        orFail(() -> {
            log.append(changes.delivered(), changes.encoded());
            return true;
        });
        disk.appended(tracer.known(changes.delivered()));
    }

    /** Forces the log to the disk. */
    void force() {
        orFail(() -> {
            segments.force();
            return true;
        });
    }

    /** Makes the changes of a batch readable, as a whole. */
    void apply(CommitBatch changes) {
        rows.store(changes.keys());
    }

    /** Returns the rows as they are now. */
    Checkpoint freeze(LogPosition at) {
        return new Checkpoint(rows.copy(), at);
    }

    /** The state of each key. */
    State state() {
        return rows;
    }

    /** Every key of which something is known, in their order. */
    NavigableMap<Bytes, KeyHead> heads() {
        return rows.heads();
    }

    @Override
    public @Nullable Integer checksum(Dot dot) {
        return orFail(() -> log.checksum(dot));
    }

    @Override
    public long deletedThrough(ReplicaId replica) {
        return log.deletedThrough(replica);
    }

    /**
     * Deletes from the front of the log what the newest checkpoint holds.
     *
     * @param stored the updates that every member has stored durably
     */
    void trim(VersionVector stored) {
        orFail(() -> log.trim(LIMITS, disk.checkpointed(), stored, 0));
    }

    /** As {@link UpdateLog#framesOf}. */
    List<EncodedFrame> framesOf(ReplicaId origin, long after, long upTo, long bytesMax, boolean whole) {
        return orFail(() -> log.framesOf(origin, after, upTo, bytesMax, whole));
    }

    private interface Access<T extends @Nullable Object> {
        T run() throws IOException;
    }

    private static <T extends @Nullable Object> T orFail(Access<T> access) {
        try {
            return access.run();
        } catch (IOException failed) {
            throw new FailedDiskException(failed);
        }
    }
}
