package dev.hence.engine.wal;

import dev.hence.engine.log.LogCheck;
import dev.hence.engine.log.LogCheck.Damage;
import dev.hence.engine.log.LogCheck.Tail;
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
 * The condition of RocksDB's log before RocksDB opens it, checked file by file in the order of their numbers.
 *
 * <p>The rule: after the first place that is not a whole record there are two cases. Either no record begins - then the
 * log ends there, and the write in progress when the machine stopped is torn, whatever its length and whichever of its
 * pages are on the disk. Or a record does begin - then there once was a whole record at that place, because the log is
 * written in order. If each record is forced to the disk before the next is written, the second case is certainly
 * damage. Otherwise a power loss can also cause it.
 *
 * <p>A later file whose first record has exactly the number expected next does not count: an earlier run found the torn
 * end and continued after it. Damage in a file that RocksDB no longer needs and has not deleted yet counts as damage:
 * only its manifest tells which files these are.
 */
public final class WriteAheadLogCheck {

    private static final Pattern FILE_NAME = Pattern.compile("\\d+\\.log");

    private WriteAheadLogCheck() {}

    /** Checks the log files in a directory of RocksDB, which need not exist. */
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

    /** Returns the damage if this file follows a broken one or is broken itself; null if there is none. */
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

    /** Returns the tails before the damage, and everything from the damage on. */
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
                    .sorted(Comparator.comparingLong(WriteAheadLogCheck::number))
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
