package dev.hence.engine.storage;

import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Replica;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Lineage;
import dev.hence.core.update.Update;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the updates behind a checkpoint again, through the core that applied them first.
 *
 * <p><b>Invariant.</b> It begins with exactly the update after the last one that the rows hold. An update that is
 * applied to rows that hold it already would leave two siblings; the core rejects it, because it is not the next of its
 * origin.
 */
final class Replay {

    private static final Logger log = LoggerFactory.getLogger(Replay.class);
    private static final int BATCH_UPDATES = 4_096;
    private static final long BATCH_BYTES = 4L << 20;
    private static final long REPORT_NANOS = 1_000_000_000;

    private static final Replica.Limits LIMITS =
            new Replica.Limits(new DeliveryBuffer.Limits(1, 1), Long.MAX_VALUE, Long.MAX_VALUE);

    private final RocksStorage storage;
    private final long end;
    private long reportedNanos = System.nanoTime();

    /** @param end the sequence after the last update of the log */
    Replay(RocksStorage storage, long end) {
        this.storage = storage;
        this.end = end;
    }

    /** @throws StorageException if the log does not continue the checkpoint */
    void run() {
        long first = storage.deliveredCount();
        if (first > end) {
            throw new StorageException("log: ends before update " + end + ", but the rows hold " + first
                    + " updates (expected: at least as many in the log; files of it are missing)");
        }
        if (first == end) {
            return;
        }
        Lineage.Log checksums = dot -> {
            Update update = storage.update(dot);
            return update == null ? null : update.checksum();
        };
        Replica replica = new Replica(storage.recovered(), storage, checksums, LIMITS);
        Batch batch = new Batch(replica, first);
        storage.forEachFrame(first, batch::add);
        batch.end();
        if (batch.next != end) {
            throw new StorageException("log: no update at " + batch.next + " (expected: all up to " + end + ")");
        }
        log.info("applied {} updates of the log behind the last checkpoint", end - first);
    }

    /** Applies frames, and changes the rows for many at a time. */
    private final class Batch {
        private final Replica replica;
        private final long first;
        private long next;
        private int updates;

        Batch(Replica replica, long first) {
            this.replica = replica;
            this.first = first;
            this.next = first;
        }

        boolean add(Frame frame) {
            try {
                replica.replay(frame);
            } catch (IllegalStateException impossible) {
                throw new StorageException(
                        "log: the updates from " + next + " on do not continue the rows: " + impossible.getMessage(),
                        impossible);
            }
            next += frame.size();
            updates += frame.size();
            if (updates >= BATCH_UPDATES || replica.untakenBytes() > BATCH_BYTES) {
                end();
            }
            return true;
        }

        void end() {
            CommitBatch changes = replica.takeChanges();
            if (changes != null) {
                storage.applyLogged(changes);
                updates = 0;
                report(next - first);
            }
        }
    }

    private void report(long done) {
        long now = System.nanoTime();
        if (now - reportedNanos > REPORT_NANOS) {
            reportedNanos = now;
            log.info("applying the log: {} of {} updates", done, end - storage.deliveredCount() + done);
        }
    }
}
