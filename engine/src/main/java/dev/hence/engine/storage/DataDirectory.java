package dev.hence.engine.storage;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.replica.Identity;
import dev.hence.core.replica.IdentityRule;
import dev.hence.core.replica.IdentityRule.Confirmation;
import dev.hence.engine.disk.Disk;
import dev.hence.engine.disk.DurableFiles;
import dev.hence.engine.disk.RealDisk;
import dev.hence.engine.log.SegmentLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An opened data directory of a node. Opening creates it if it does not exist, and decides the identity under which the
 * node writes from now on.
 *
 * <p>The directory holds {@code log/}, the segments of the log; {@code db/}, the files of RocksDB; {@code FORMAT};
 * {@code LAST_RUN}; {@code IDENTITY}; and {@code INCARNATION}, a marker whose inode and creation time distinguish a directory from a copy of it, and whose text names the writer for
 * people. The inode alone is not enough: file systems reuse those of deleted files, and a backup is often restored
 * where its original was deleted.
 *
 * <p>Invariant: when {@link #open} returns, all of these and their names survive a power loss, so no write is
 * acknowledged before they do; and a power loss before that leaves a directory that can be opened.
 */
public final class DataDirectory {

    private static final Logger log = LoggerFactory.getLogger(DataDirectory.class);
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /** The directory of the log. */
    static final String LOG = "log";

    /** The directory of the rows. */
    static final String DATABASE = "db";

    private static final SecureRandom RANDOM = new SecureRandom();

    private DataDirectory() {}

    /** Returns an identity with this name that no replica had before. */
    public static ReplicaId newIncarnation(String name) {
        return new ReplicaId(name, RANDOM.nextLong());
    }

    /**
     * @param name the node's name
     * @param fsync the policy of this run
     * @throws StorageException if the directory cannot be used: it belongs to another node or cluster, is of
     *     another format, is open elsewhere, cannot be written
     */
    public static Storage open(Path directory, String name, String cluster, FsyncPolicy fsync) {
        return openForNode(directory, name, cluster, fsync).storage();
    }

    /** Like the other {@code open}, on a given disk, so that tests can observe the file operations. */
    static Storage open(Path directory, String name, String cluster, FsyncPolicy fsync, Disk disk) {
        return open(directory, name, cluster, fsync, disk, SegmentLog.Sizes.DEFAULT);
    }

    /** Like the other {@code open}, with given sizes of parts of the log. */
    static Storage open(
            Path directory, String name, String cluster, FsyncPolicy fsync, Disk disk, SegmentLog.Sizes sizes) {
        return openForNode(directory, name, cluster, fsync, new Opening(directory, disk, sizes))
                .storage();
    }

    /**
     * An opened directory.
     *
     * @param confirmation whether a peer has to confirm the identity before the node writes
     */
    public record Opened(Storage storage, Confirmation confirmation) {}

    /** As {@link #open}. */
    public static Opened openForNode(Path directory, String name, String cluster, FsyncPolicy fsync) {
        return openForNode(
                directory, name, cluster, fsync, new Opening(directory, new RealDisk(), SegmentLog.Sizes.DEFAULT));
    }

    /** As {@link #open}, with given sizes of parts of the log: a log of small segments is trimmed early. */
    public static Opened openForNode(
            Path directory, String name, String cluster, FsyncPolicy fsync, SegmentLog.Sizes sizes) {
        return openForNode(directory, name, cluster, fsync, new Opening(directory, new RealDisk(), sizes));
    }

    private static Opened openForNode(Path directory, String name, String cluster, FsyncPolicy fsync, Opening opening) {
        try {
            opening.prepare();
            StoredIdentity stored = opening.identity.read();
            requireOwn(directory, stored, name, cluster);
            Path marker = directory.resolve("INCARNATION");
            String birth = birthOf(marker, opening.durable);
            opening.check();
            Identity identity = settle(stored, name, birth, opening.bootId, opening.endUncertain);
            StoredIdentity now = new StoredIdentity(identity, cluster, birth, opening.bootId, fsync, false);
            if (stored != null) {
                // Before anything is dropped from the log: a start that is killed in between leaves no trace of it.
                opening.identity.write(now);
            }
            RocksStorage storage = opening.open(stored == null);
            if (stored == null) {
                opening.identity.write(now);
            }
            // Opening the log has forced the bytes of earlier runs, so from here on this run's policy applies.
            new LastRun(fsync, opening.bootId).write(directory, opening.durable);
            opening.durable.overwrite(marker, identity.self() + "\n");
            opening.recovery.done();
            Confirmation confirmation = stored != null && stored.self().equals(identity.self())
                    ? IdentityRule.confirmation(stored.evidence(birth, opening.bootId, opening.endUncertain))
                    : Confirmation.NOT_NEEDED;
            return new Opened(storage, confirmation);
        } catch (IOException | UncheckedIOException failed) {
            opening.close();
            throw new StorageException("data directory: " + directory + " cannot be used: " + failed, failed);
        } catch (RuntimeException failed) {
            opening.close();
            throw failed;
        }
    }

    /**
     * Opens a forked directory for reading. Nothing may be committed to it.
     *
     * @throws StorageException if it cannot be opened, or has not forked
     */
    public static Storage openForked(Path directory) {
        if (!Files.exists(directory.resolve(DATABASE))) {
            throw new StorageException("data directory: " + directory + " is not one (expected: one that has forked)");
        }
        Opening opening = new Opening(directory, new RealDisk(), SegmentLog.Sizes.DEFAULT);
        try {
            opening.prepare();
            opening.identity.read();
            opening.check();
            RocksStorage storage = opening.open(false);
            opening.recovery.done();
            return storage;
        } catch (IOException | UncheckedIOException failed) {
            opening.close();
            throw new StorageException("data directory: " + directory + " cannot be read: " + failed, failed);
        } catch (RuntimeException failed) {
            opening.close();
            throw failed;
        }
    }

    /**
     * Gives a copy of the directory of another node to a node that cannot get what its peers have deleted from their
     * logs. The node then has all that the other one had, and writes under a new incarnation.
     *
     * @param directory a copy of the whole directory, made while its node was stopped
     * @param name the name of the node that will use it
     * @return the replica under which it will write
     * @throws StorageException if the directory is in use, has forked, or belongs to a node of this name
     */
    @SuppressWarnings("try") // The lock is held, not used.
    public static ReplicaId adopt(Path directory, String name) {
        if (!Files.exists(directory.resolve("IDENTITY"))) {
            throw new StorageException("data directory: " + directory
                    + " has no file IDENTITY (expected: a copy of the whole data directory of a stopped node)");
        }
        DurableFiles files = new DurableFiles(new RealDisk());
        try (DirectoryLock lock = DirectoryLock.take(directory)) {
            IdentityFile file = new IdentityFile(directory, files);
            file.read();
            StoredIdentity stored = file.identity();
            if (stored.identity().forked() != null || stored.self().name().equals(name)) {
                throw new StorageException("data directory: " + directory + " belongs to " + stored.self()
                        + (stored.identity().forked() != null ? ", and has forked" : "")
                        + " (expected: a copy of the directory of another node, which has not forked)");
            }
            ReplicaId adopted = newIncarnation(name);
            String birth = birthOf(directory.resolve("INCARNATION"), files);
            file.write(new StoredIdentity(
                    Identity.of(adopted), stored.cluster(), birth, bootId(), stored.fsync(), stored.clean()));
            return adopted;
        } catch (IOException failed) {
            throw new StorageException("data directory: " + directory + " cannot be used: " + failed, failed);
        }
    }

    private static void requireOwn(Path directory, @Nullable StoredIdentity stored, String name, String cluster) {
        if (stored != null && !stored.self().name().equals(name)) {
            throw new StorageException("data directory: " + directory + " belongs to node \""
                    + stored.self().name() + "\" (expected: \"" + name + "\")");
        }
        if (stored != null && !stored.cluster().equals(cluster)) {
            throw new StorageException("data directory: " + directory + " belongs to cluster \"" + stored.cluster()
                    + "\" (expected: \"" + cluster + "\")");
        }
    }

    private static Identity settle(
            @Nullable StoredIdentity stored, String name, String birth, String bootId, boolean endDropped) {
        if (stored == null) {
            return Identity.of(newIncarnation(name));
        }
        Optional<String> why = IdentityRule.whyRenew(stored.evidence(birth, bootId, endDropped));
        if (why.isEmpty()) {
            return stored.identity();
        }
        ReplicaId renewed = newIncarnation(name);
        log.warn("{} takes a new incarnation, {}: {}", stored.self(), renewed, why.get());
        return stored.identity().renewed(renewed);
    }

    /** Returns a property of a file that no copy has, not even one created in its place after its deletion. */
    private static String birthOf(Path marker, DurableFiles files) throws IOException {
        if (!Files.exists(marker)) {
            files.overwrite(marker, "");
        }
        // File systems without creation times return the time of the last change instead.
        FileTime unchanged = FileTime.fromMillis(0);
        Files.setLastModifiedTime(marker, unchanged);
        FileTime born = (FileTime) Files.getAttribute(marker, "creationTime");
        return inode(marker) + (born.equals(unchanged) ? "" : " born " + born);
    }

    private static String inode(Path marker) throws IOException {
        try {
            return String.valueOf(Files.getAttribute(marker, "unix:ino"));
        } catch (UnsupportedOperationException | IllegalArgumentException noInodes) {
            return "";
        }
    }

    static String bootId() {
        try {
            return Files.isReadable(BOOT_ID)
                    ? Files.readString(BOOT_ID, StandardCharsets.US_ASCII).strip()
                    : "";
        } catch (IOException unreadable) {
            return "";
        }
    }
}
