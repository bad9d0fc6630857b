package dev.hence.engine.wal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks RocksDB's log before RocksDB opens it, file by file in the order of their numbers.
 *
 * <p>The rule: after the first place that is no whole record either no record begins - the log ends there, and what
 * was being written when the machine stopped is torn, however long it is and whichever of its pages are on the disk -
 * or one does, and then there was a whole record at that place once, for the log is written in order. Where each
 * record is forced to the disk before the next is written, the second case is damage for certain. Where they are not,
 * a power loss can leave it too.
 *
 * <p>A later file whose first record has the very number that is expected next is no such record: a run has been here
 * already, found the torn end and gone on after it. Damage in a file that RocksDB no longer needs and has not deleted
 * yet counts as damage: which these are only its manifest says.
 *
 * @param tails what is behind the whole records: of the last ones, and of those that a run has gone on after
 * @param damage the first place behind which there is more; null if there is none
 */
public record LogCheck(List<Tail> tails, @Nullable Damage damage) {

    private static final Pattern FILE_NAME = Pattern.compile("\\d+\\.log");

    /**
     * Bytes up to the end of a file that belong to no whole record before any damage.
     *
     * @param endsWithin whether the file ends in the middle of a record that is intact so far: what the end of a
     *     process leaves, without the machine's
     */
    public record Tail(Path file, long offset, long bytes, boolean endsWithin) {}

    /**
     * A place that is no whole record although records follow.
     *
     * @param file the file
     * @param offset where in it
     * @param laterFile the file of the first record that follows
     * @param laterOffset where it begins
     */
    public record Damage(Path file, long offset, Path laterFile, long laterOffset) {}

    /** Copies the list. */
    public LogCheck {
        tails = List.copyOf(tails);
    }

    /** Whether there are whole records and nothing else. */
    public boolean isWhole() {
        return tails.isEmpty() && damage == null;
    }

    /** How many bytes are in no whole record, or behind damage. */
    public long bytes() {
        return tails.stream().mapToLong(Tail::bytes).sum();
    }

    /** Looks at the log files in a directory of RocksDB, which need not be there. */
    public static LogCheck of(Path directory) throws IOException {
        List<Path> paths = logFiles(directory);
        List<Tail> tails = new ArrayList<>();
        @Nullable LogFile broken = null;
        long expected = LogFile.NONE;
        for (int i = 0; i < paths.size(); i++) {
            LogFile file = LogFile.read(paths.get(i), expected);
            Damage damage = damage(broken, file);
            if (damage != null) {
                return new LogCheck(behind(damage, tails, paths), damage);
            }
            if (file.first() != LogFile.NONE) {
                broken = null;
            }
            if (!file.isWhole()) {
                tails.add(new Tail(file.path(), file.wholeUntil(), file.size() - file.wholeUntil(), file.endsWithin()));
                broken = broken == null ? file : broken;
            }
            expected = file.next();
        }
        return new LogCheck(tails, null);
    }

    /** What is wrong if this file follows one that is broken, or is so itself; null if nothing is. */
    private static @Nullable Damage damage(@Nullable LogFile broken, LogFile file) {
        if (broken != null && file.first() != LogFile.NONE && !(file.first() == broken.next())) {
            return new Damage(broken.path(), broken.wholeUntil(), file.path(), 0);
        }
        LogFile.Start later = file.later();
        if (later == null) {
            return null;
        }
        LogFile from = broken == null || file.first() != LogFile.NONE ? file : broken;
        return new Damage(from.path(), from.wholeUntil(), file.path(), later.offset());
    }

    /** The tails before a damage, and everything from it on. */
    private static List<Tail> behind(Damage damage, List<Tail> before, List<Path> paths) throws IOException {
        List<Tail> tails = new ArrayList<>();
        int at = paths.indexOf(damage.file());
        before.stream().filter(tail -> paths.indexOf(tail.file()) < at).forEach(tails::add);
        for (Path path : paths.subList(at, paths.size())) {
            long offset = path.equals(damage.file()) ? damage.offset() : 0;
            long bytes = Files.size(path) - offset;
            if (bytes > 0) {
                tails.add(new Tail(path, offset, bytes, false));
            }
        }
        return tails;
    }

    private static List<Path> logFiles(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> FILE_NAME.matcher(name(file)).matches())
                    .sorted(Comparator.comparingLong(LogCheck::number))
                    .toList();
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static long number(Path file) {
        return Long.parseLong(name(file).substring(0, name(file).indexOf('.')));
    }
}
