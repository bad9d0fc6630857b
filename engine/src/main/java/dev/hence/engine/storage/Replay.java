package dev.hence.engine.storage;

import dev.hence.core.node.LogPosition;
import dev.hence.core.node.Recovery;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Replica;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies the updates behind a checkpoint again, as {@link Recovery} decides. */
final class Replay {

    private static final Logger log = LoggerFactory.getLogger(Replay.class);
    private static final long REPORT_NANOS = 1_000_000_000;

    private final RocksStorage storage;
    private final long beginning;
    private final long end;
    private long reportedNanos = System.nanoTime();

    /**
     * @param beginning the sequence of the first update that was not deleted from the log
     * @param end the sequence after the last update of the log
     */
    Replay(RocksStorage storage, long beginning, long end) {
        this.storage = storage;
        this.beginning = beginning;
        this.end = end;
    }

    /** @throws StorageException if the log does not continue the checkpoint */
    void run() {
        long first = storage.deliveredCount();
        if (first < beginning) {
            throw new StorageException("log: begins with update " + beginning + ", but the rows hold " + first
                    + " updates (expected: at least as many; files of the database are from another time)");
        }
        if (first == end) {
            return;
        }
        try {
            recover(first);
        } catch (IllegalStateException impossible) {
            throw new StorageException(String.valueOf(impossible.getMessage()), impossible);
        }
        log.info("applied {} updates of the log behind the last checkpoint", end - first);
    }

    private void recover(long first) {
        Replica.Recovered rows = storage.recovered();
        LogPosition position = new LogPosition(first, rows.clock(), rows.timestamp());
        Recovery recovery = new Recovery(rows.identity(), position, end, storage, storage::checksum);
        storage.forEachFrame(first, frame -> {
            recovery.read(frame);
            if (recovery.isBatchFull()) {
                apply(recovery, first);
            }
            return true;
        });
        apply(recovery, first);
        recovery.requireDone();
    }

    private void apply(Recovery recovery, long first) {
        CommitBatch changes = recovery.take();
        if (changes != null) {
            storage.applyLogged(changes);
            report(recovery.position().sequence() - first);
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
