package dev.hence.engine.storage;

import dev.hence.engine.disk.DurableFiles;
import dev.hence.engine.log.LogCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a log may be opened, which drops what is behind its first bad record.
 *
 * <p>Invariant: no record that was forced to the disk is dropped silently. A torn end is dropped: nothing in it was
 * acknowledged. Records behind a bad one are damage, and the log is rejected, unless the last run did not force
 * every write and the machine was rebooted since, so that a power loss may have left them; or unless the operator
 * accepted the loss. Dropped bytes are set aside first.
 */
final class LogRecovery {

    /** A file by which the operator accepts, for one start, the loss of what is behind the damage. */
    static final String ACCEPT_LOSS = "ACCEPT_LOSS";

    /** The directory for bytes set aside, each tail in a file named after its log file and offset. */
    static final String DROPPED = "dropped";

    private static final Logger log = LoggerFactory.getLogger(LogRecovery.class);

    private final Path directory;
    private final DurableFiles files;

    LogRecovery(Path directory, DurableFiles files) {
        this.directory = directory;
        this.files = files;
    }

    /**
     * Sets aside what opening the log will drop.
     *
     * @param check the condition of the log
     * @param bootId the present boot of the machine; empty where there is no such id
     * @return whether dropped records may have been seen by a client or a peer
     * @throws StorageException if it is damaged
     */
    boolean prepare(LogCheck check, String bootId) throws IOException {
        if (check.isWhole()) {
            // If the operator has accepted a loss, a start that was killed may already have dropped the records.
            return isAccepted();
        }
        Optional<LastRun> last = LastRun.read(directory);
        boolean sameBoot = last.isPresent() && last.get().isSameBoot(bootId);
        LogCheck.Damage damage = check.damage();
        if (damage != null && !isAccepted() && !check.mayBeOpened(!isUnforced(last), sameBoot)) {
            throw new StorageException(refusal(check, damage));
        }
        setAside(check, damage);
        return check.mayDropWhatWasSeen(sameBoot);
    }

    /** The log is open now, so the accepted loss has happened. */
    void done() throws IOException {
        files.delete(directory.resolve(ACCEPT_LOSS));
    }

    private boolean isAccepted() {
        return Files.exists(directory.resolve(ACCEPT_LOSS));
    }

    /** An unknown policy was the default, which forces every write. */
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
