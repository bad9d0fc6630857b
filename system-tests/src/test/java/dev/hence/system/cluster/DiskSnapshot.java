package dev.hence.system.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * An earlier state of a node's data directory, which can be put back in place: like the snapshot of a machine, after
 * which the directory is the same one and only its content is older.
 */
public final class DiskSnapshot {

    /** Everything but the marker of the directory, which keeps its inode. */
    private static final List<String> CONTENT = List.of("db", "log", "IDENTITY");

    private final Path copy;

    private DiskSnapshot(Path copy) {
        this.copy = copy;
    }

    /** Copies the content of a stopped node's directory to a new one. */
    public static DiskSnapshot of(NodeProcess stopped, Path copy) throws IOException {
        for (String part : CONTENT) {
            copy(stopped.data().resolve(part), copy.resolve(part));
        }
        return new DiskSnapshot(copy);
    }

    /** Replaces the content of a stopped node's directory. */
    public void restore(NodeProcess stopped) throws IOException {
        for (String part : CONTENT) {
            Path target = stopped.data().resolve(part);
            for (Path file : filesUnder(target)) {
                Files.delete(file);
            }
            copy(copy.resolve(part), target);
        }
    }

    /** Copies all files of a directory. */
    public static void copy(Path from, Path to) throws IOException {
        for (Path file : filesUnder(from)) {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
    }

    private static Iterable<Path> filesUnder(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
