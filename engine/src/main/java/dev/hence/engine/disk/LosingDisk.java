package dev.hence.engine.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A disk that tracks what a power loss would leave: the content of a file at its last force, the names in a directory
 * at its last force, and nothing else. Files and directories written without it - a database beside the files, which
 * forces them itself - are left as they are once their name is kept.
 */
public final class LosingDisk implements Disk {

    /** A file's content, under any of its names; null if it was never forced. */
    private static final class Inode {
        private byte @Nullable [] forced;
    }

    private final Disk real = new RealDisk();
    private final Path root;
    private final Map<Path, Inode> inodes = new HashMap<>();

    /**
     * The names of each directory at its last force; null stands for files written without this disk, and for
     * directories.
     */
    private final Map<Path, Map<Path, @Nullable Inode>> names = new HashMap<>();

    /** The directories in which this disk changed a name. */
    private final Set<Path> ours = new HashSet<>();

    /** Files renamed to another directory since one of the two directories was last forced. */
    private final Map<Path, Path> moved = new HashMap<>();

    private Runnable after = () -> {};

    /** @param root a directory that exists permanently */
    public LosingDisk(Path root) {
        this.root = root;
    }

    /** Sets a callback that runs after every operation. */
    public void watch(Runnable watcher) {
        after = watcher;
    }

    /** Creates a directory with what a power loss would leave now of another one. */
    public void powerLoss(Path directory, Path left) throws IOException {
        if (isKept(directory)) {
            Files.createDirectories(left);
            for (Map.Entry<Path, @Nullable Inode> name :
                    names.getOrDefault(directory, Map.of()).entrySet()) {
                Path target = left.resolve(directory.relativize(name.getKey()).toString());
                Inode inode = name.getValue();
                if (inode != null) {
                    Files.write(target, Objects.requireNonNullElse(inode.forced, new byte[0]));
                } else if (ours.contains(name.getKey())) {
                    powerLoss(name.getKey(), target);
                } else {
                    copyWhatOthersWrote(moved.getOrDefault(name.getKey(), name.getKey()), target);
                }
            }
        }
    }

    private boolean isKept(Path directory) {
        Path parent = directory.getParent();
        return directory.equals(root)
                || (parent != null && names.getOrDefault(parent, Map.of()).containsKey(directory) && isKept(parent));
    }

    private static void copyWhatOthersWrote(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        real.createDirectory(directory);
        names.put(directory, new HashMap<>());
        ours.add(parent(directory));
        after.run();
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        real.write(file, content);
        ours.add(parent(file));
        Inode inode = inodes.computeIfAbsent(file, absent -> new Inode());
        // The truncation may reach the disk before the content.
        inode.forced = inode.forced == null ? null : new byte[0];
        after.run();
    }

    @Override
    public void copy(Path from, long offset, Path to) throws IOException {
        real.copy(from, offset, to);
        ours.add(parent(to));
        inodes.put(to, new Inode());
        after.run();
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        real.rename(from, to);
        ours.add(parent(from));
        ours.add(parent(to));
        Inode inode = inodes.remove(from);
        if (inode != null) {
            inodes.put(to, inode);
        }
        if (!parent(from).equals(parent(to))) {
            moved.put(from, to);
        }
        after.run();
    }

    @Override
    public void delete(Path file) throws IOException {
        keepContent(file);
        real.delete(file);
        inodes.remove(file);
        after.run();
    }

    /** The name of a file may come back, also of one that is there from earlier. */
    private void keepContent(Path file) throws IOException {
        Map<Path, @Nullable Inode> kept = names.getOrDefault(parent(file), Map.of());
        if (kept.containsKey(file) && kept.get(file) == null && Files.isRegularFile(file)) {
            Inode inode = new Inode();
            inode.forced = Files.readAllBytes(file);
            kept.put(file, inode);
        }
    }

    @Override
    public void force(Path fileOrDirectory) throws IOException {
        real.force(fileOrDirectory);
        if (Files.isDirectory(fileOrDirectory)) {
            Map<Path, @Nullable Inode> now = new HashMap<>();
            try (Stream<Path> files = Files.list(fileOrDirectory)) {
                files.forEach(file -> now.put(file, inodes.get(file)));
            }
            names.put(fileOrDirectory, now);
            forceMoves(fileOrDirectory);
        } else {
            Objects.requireNonNull(inodes.get(fileOrDirectory)).forced = Files.readAllBytes(fileOrDirectory);
        }
        after.run();
    }

    @Override
    public void truncate(Path file, long size) throws IOException {
        real.truncate(file, size);
        after.run();
    }

    @Override
    public AppendFile open(Path file) throws IOException {
        AppendFile opened = real.open(file);
        ours.add(parent(file));
        inodes.computeIfAbsent(file, absent -> new Inode());
        after.run();
        return new Watched(opened, file);
    }

    /** A file whose operations are watched. */
    private final class Watched implements AppendFile {
        private final AppendFile opened;
        private final Path file;

        Watched(AppendFile opened, Path file) {
            this.opened = opened;
            this.file = file;
        }

        @Override
        public long size() {
            return opened.size();
        }

        @Override
        public void append(byte[] bytes, int from, int length) throws IOException {
            opened.append(bytes, from, length);
            after.run();
        }

        @Override
        public void read(long at, byte[] into, int from, int length) throws IOException {
            opened.read(at, into, from, length);
        }

        @Override
        public void force() throws IOException {
            opened.force();
            Objects.requireNonNull(inodes.get(file)).forced = Files.readAllBytes(file);
            after.run();
        }

        @Override
        public void seal() throws IOException {
            opened.seal();
        }

        @Override
        public void close() throws IOException {
            opened.close();
        }
    }

    /** A rename is atomic, so forcing one of the names forces the other as well. */
    private void forceMoves(Path directory) {
        moved.forEach((from, to) -> {
            if (directory.equals(parent(from))) {
                names.computeIfAbsent(parent(to), unforced -> new HashMap<>()).put(to, inodes.get(to));
            } else if (directory.equals(parent(to))) {
                names.getOrDefault(parent(from), new HashMap<>()).remove(from);
            }
        });
        moved.entrySet()
                .removeIf(move -> directory.equals(parent(move.getKey())) || directory.equals(parent(move.getValue())));
    }

    private static Path parent(Path file) {
        return Objects.requireNonNull(file.getParent());
    }
}
