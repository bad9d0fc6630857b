package dev.hence.engine.log;

import dev.hence.engine.disk.Disk;
import dev.hence.engine.disk.RealDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The names of the files of a log: the sequence of a segment's first update, as 19 digits. */
final class SegmentNames {

    private static final Pattern SEGMENT = Pattern.compile("\\d{19}\\.log");
    private static final Pattern FILE = Pattern.compile("\\d{19}\\.(log|index)");

    private SegmentNames() {}

    static String segment(long first) {
        return String.format("%019d.log", first);
    }

    static String index(long first) {
        return String.format("%019d.index", first);
    }

    static Path indexOf(Path segment) {
        return segment.resolveSibling(segment.getFileName().toString().replace(".log", ".index"));
    }

    /** The segments of a log in their order; none if there is no directory. */
    static List<Path> segments(Path directory, Disk disk) throws IOException {
        return disk.list(directory).stream()
                .filter(file -> SEGMENT.matcher(file.getFileName().toString()).matches())
                .sorted()
                .toList();
    }

    static List<Path> segments(Path directory) throws IOException {
        return segments(directory, new RealDisk());
    }

    /** The sequence in the name of a file. */
    static long first(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.indexOf('.')));
    }

    /** The segments that begin before a sequence, and their index files. */
    static List<Path> filesBefore(Path directory, Disk disk, long sequence) throws IOException {
        return disk.list(directory).stream()
                .filter(file -> FILE.matcher(file.getFileName().toString()).matches() && first(file) < sequence)
                .sorted()
                .toList();
    }
}
