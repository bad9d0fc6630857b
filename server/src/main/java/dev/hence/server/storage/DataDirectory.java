package dev.hence.server.storage;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.replica.IdentityRule;
import dev.hence.server.config.FsyncPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a node's data directory: makes it if it is not there, and settles under which identity the node
 * writes from now on.
 *
 * <p>The directory holds {@code db/}, the files of RocksDB, and {@code INCARNATION}, a marker whose inode and
 * time of birth tell a directory from a copy of it and whose text tells people who writes here. The inode alone
 * would not do: file systems give those of deleted files out again, and a backup is often restored where its
 * original was deleted.
 */
public final class DataDirectory {

    private static final Logger log = LoggerFactory.getLogger(DataDirectory.class);
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /** Changes with every change of what is written that an older version could not read, or reads otherwise. */
    private static final String FORMAT = "3";

    private static final SecureRandom RANDOM = new SecureRandom();

    private DataDirectory() {}

    /** An identity under this name that no replica had before. */
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
        RocksFiles files = null;
        try {
            Files.createDirectories(directory);
            requireFormat(directory);
            files = RocksFiles.open(directory.resolve("db"));
            MetaRows meta = new MetaRows(files);
            StoredIdentity stored = meta.storedIdentity();
            requireOwn(directory, stored, name, cluster);
            Path marker = directory.resolve("INCARNATION");
            String birth = birthOf(marker);
            String bootId = bootId();
            ReplicaId self = settle(stored, name, birth, bootId);
            meta.putIdentity(new StoredIdentity(self, cluster, birth, bootId, fsync, false));
            Files.writeString(marker, self + "\n", StandardOpenOption.TRUNCATE_EXISTING);
            force(directory);
            return new RocksStorage(files, meta);
        } catch (IOException | UncheckedIOException failed) {
            close(files);
            throw new StorageException("data directory: " + directory + " cannot be used: " + failed, failed);
        } catch (RuntimeException failed) {
            close(files);
            throw failed;
        }
    }

    /** Looked at before RocksDB is, so that a directory of another version is left as it is. */
    private static void requireFormat(Path directory) throws IOException {
        Path file = directory.resolve("FORMAT");
        if (!Files.exists(file) && !Files.exists(directory.resolve("db"))) {
            Files.writeString(file, FORMAT + "\n");
        }
        // Before there was such a file there was one format.
        String found = Files.exists(file) ? Files.readString(file).strip() : "1";
        if (!found.equals(FORMAT)) {
            throw new StorageException("data directory: " + directory + " has format " + found + " (expected: " + FORMAT
                    + "; start this node with an empty directory, and it fetches everything from its peers)");
        }
    }

    private static void close(@Nullable RocksFiles files) {
        if (files != null) {
            files.close();
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

    private static ReplicaId settle(@Nullable StoredIdentity stored, String name, String birth, String bootId) {
        if (stored == null) {
            return newIncarnation(name);
        }
        Optional<String> why = IdentityRule.whyRenew(stored.evidence(birth, bootId));
        if (why.isEmpty()) {
            return stored.self();
        }
        ReplicaId renewed = newIncarnation(name);
        log.warn("{} takes a new incarnation, {}: {}", stored.self(), renewed, why.get());
        return renewed;
    }

    /** What a file has that no copy of it has, not even one made in its place after it was deleted. */
    private static String birthOf(Path marker) throws IOException {
        if (!Files.exists(marker)) {
            Files.write(marker, new byte[0]);
        }
        // Where no time of birth is kept, the time of the last change is answered in its stead.
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

    /** Makes the names in a new directory, and its own, survive a power loss. */
    private static void force(Path directory) {
        for (Path each : List.of(directory, directory.resolve(".."))) {
            try (FileChannel channel = FileChannel.open(each, StandardOpenOption.READ)) {
                channel.force(true);
            } catch (IOException notHere) {
                // Not every system can, or lets this user.
            }
        }
    }

    private static String bootId() {
        try {
            return Files.isReadable(BOOT_ID)
                    ? Files.readString(BOOT_ID, StandardCharsets.US_ASCII).strip()
                    : "";
        } catch (IOException unreadable) {
            return "";
        }
    }
}
