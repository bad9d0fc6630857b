package dev.hence.engine.storage;

import dev.hence.engine.disk.DurableFiles;
import dev.hence.engine.wal.LogCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.WALRecoveryMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether the database's log may be opened, before RocksDB opens it and would drop and delete what it cannot
 * read.
 *
 * <p>Invariant: no record that was forced to the disk is dropped silently. A log of whole records is opened in the mode
 * in which RocksDB drops nothing, and refuses what this check has overlooked. A torn end is dropped: nothing in it was
 * acknowledged. Records behind a bad one are damage and are refused, unless the last run did not force every write
 * and the machine was started again since, so that they may be what a power loss left; or the operator asked for it.
 * Whatever is dropped is set aside first.
 */
final class LogRecovery {

    /** A file by which the operator accepts, for one start, that what is behind damage is lost. */
    static final String ACCEPT_LOSS = "ACCEPT_LOSS";

    /** Where bytes are set aside, each tail in a file named after its log file and offset. */
    static final String DROPPED = "dropped";

    private static final Logger log = LoggerFactory.getLogger(LogRecovery.class);

    private final Path directory;
    private final DurableFiles files;

    LogRecovery(Path directory, DurableFiles files) {
        this.directory = directory;
        this.files = files;
    }

    /**
     * How to open the database.
     *
     * @param mode what RocksDB makes of a record that it cannot read
     * @param endUncertain whether something is dropped that may have been visible
     */
    record Opening(WALRecoveryMode mode, boolean endUncertain) {}

    /**
     * Looks at the log and sets aside what opening it drops.
     *
     * @param bootId the present boot of the machine; empty where there is no such id
     * @throws StorageException if it is damaged
     */
    Opening prepare(Path database, String bootId) throws IOException {
        LogCheck check = LogCheck.of(database);
        if (check.isWhole()) {
            // If the operator has accepted a loss, a start that was killed may already have dropped it.
            return new Opening(WALRecoveryMode.AbsoluteConsistency, isAccepted());
        }
        Optional<LastRun> last = LastRun.read(directory);
        boolean sameBoot = last.isPresent() && last.get().isSameBoot(bootId);
        LogCheck.Damage damage = check.damage();
        if (damage != null && !isAccepted() && !(isUnforced(last) && !sameBoot)) {
            throw new StorageException(refusal(check, damage));
        }
        setAside(check, damage);
        boolean onlyTheProcessEnded =
                damage == null && sameBoot && check.tails().stream().allMatch(LogCheck.Tail::endsWithin);
        return new Opening(WALRecoveryMode.PointInTimeRecovery, !onlyTheProcessEnded);
    }

    /** After the database is open, so what was accepted has happened. */
    void done() throws IOException {
        files.delete(directory.resolve(ACCEPT_LOSS));
    }

    private boolean isAccepted() {
        return Files.exists(directory.resolve(ACCEPT_LOSS));
    }

    /** Where it is not known it was the default, which forces. */
    private static boolean isUnforced(Optional<LastRun> last) {
        return last.isPresent() && last.get().fsync() != FsyncPolicy.ALWAYS;
    }

    private String refusal(LogCheck check, LogCheck.Damage damage) {
        return "data directory: " + directory + ": its log is damaged: " + damage.file()
                + " has no complete record at byte "
                + damage.offset() + ", but others follow from byte " + damage.laterOffset() + " of "
                + damage.laterFile().getFileName()
                + " on (expected: none after it, as after a power loss); "
                + LossAdvice.damagedLog(directory, check.bytes());
    }

    private void setAside(LogCheck check, LogCheck.@Nullable Damage damage) throws IOException {
        Path aside = directory.resolve(DROPPED);
        files.createDirectories(aside);
        for (LogCheck.Tail tail : check.tails()) {
            Path copy = aside.resolve(tail.file().getFileName() + ".from-" + tail.offset());
            files.copyTail(tail.file(), tail.offset(), copy);
            log.warn(
                    "{}: {} bytes from byte {} on are {}; they are dropped, with a copy in {}",
                    tail.file(),
                    tail.bytes(),
                    tail.offset(),
                    damage == null
                            ? "an incomplete record, left by a write in progress when the machine stopped"
                            : "lost",
                    copy);
        }
        if (damage != null) {
            log.error(
                    "{}: {} bytes of the log after a bad record at byte {} of {} are dropped. Writes in them are lost"
                            + " unless a peer has them: {}",
                    directory,
                    check.bytes(),
                    damage.offset(),
                    damage.file().getFileName(),
                    isAccepted()
                            ? "the file " + ACCEPT_LOSS + " accepts that"
                            : "the fsync policy of the last run allows that for the last writes before a power loss");
        }
    }
}
