package dev.hence.engine.log;

import dev.hence.engine.codec.MalformedRecordException;
import dev.hence.engine.disk.AppendFile;
import dev.hence.engine.disk.Disk;
import dev.hence.engine.disk.RealDisk;
import dev.hence.engine.log.LogCheck.Damage;
import dev.hence.engine.log.LogCheck.Tail;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A log that was checked and is not open yet: segments with an index file by their size, the others byte by byte.
 *
 * <p>The rule: the log ends at the first place that is not a whole group. If no whole group follows it, the write in
 * progress when the machine stopped is torn there. If one does follow, there once was a whole group at that place,
 * because the log is written in order. If each group is forced before the next is written, that is certainly damage;
 * otherwise a power loss can also cause it, because the disk may write pages in any order.
 *
 * <p>A segment is created when the one before it is full, but that one may not be forced yet. So a power loss can also
 * leave a segment that begins after the end of the one before it: the log ends before the gap. If the earlier segment
 * was forced, which its index file shows, a file between the two is missing. A log whose front was deleted begins where
 * {@link LogBeginning} says.
 */
public final class CheckedLog {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path directory;
    private final LogBeginning beginning;
    private final List<SegmentScan> segments;
    private final LogCheck check;

    private CheckedLog(Path directory, LogBeginning beginning, List<SegmentScan> segments, LogCheck check) {
        this.directory = directory;
        this.beginning = beginning;
        this.segments = segments;
        this.check = check;
    }

    /**
     * Checks the log in a directory, which need not exist; changes nothing.
     *
     * @throws IOException if a file cannot be read, or a segment is certainly missing
     */
    public static CheckedLog of(Path directory) throws IOException {
        return of(directory, true);
    }

    /**
     * Checks a log; changes nothing.
     *
     * @param trustIndexes whether a segment with an index file is taken to be whole
     */
    public static CheckedLog of(Path directory, boolean trustIndexes) throws IOException {
        return of(directory, new RealDisk(), trustIndexes);
    }

    /**
     * Checks a log; changes nothing.
     *
     * @param disk where the log is
     * @param trustIndexes whether a segment with an index file is taken to be whole
     */
    public static CheckedLog of(Path directory, Disk disk, boolean trustIndexes) throws IOException {
        while (true) {
            LogBeginning beginning = LogBeginning.read(directory, disk);
            try {
                return of(directory, disk, beginning, trustIndexes);
            } catch (IOException failed) {
                // The log of a running node: it may have deleted files meanwhile.
                if (LogBeginning.read(directory, disk).sequence() == beginning.sequence()) {
                    throw failed;
                }
            }
        }
    }

    private static CheckedLog of(Path directory, Disk disk, LogBeginning beginning, boolean trustIndexes)
            throws IOException {
        List<SegmentScan> segments = new ArrayList<>();
        for (Path path : SegmentNames.segments(directory, disk)) {
            if (SegmentNames.first(path) >= beginning.sequence()) {
                SegmentScan indexed = trustIndexes ? indexed(path, disk) : null;
                segments.add(indexed == null ? SegmentScan.of(path, disk) : indexed);
            }
        }
        requireComplete(directory, beginning.sequence(), segments);
        return new CheckedLog(directory, beginning, segments, check(segments));
    }

    private static @Nullable SegmentScan indexed(Path path, Disk disk) throws IOException {
        Path file = SegmentNames.indexOf(path);
        SegmentHeader header = header(path, disk);
        if (header == null || !disk.exists(file)) {
            return null;
        }
        long size = disk.size(path);
        BlockIndex.Sealed sealed = BlockIndex.of(disk.read(file, Integer.MAX_VALUE), header.id(), size);
        return sealed == null
                ? null
                : new SegmentScan(path, header, sealed.index(), size, sealed.endSequence(), size, -1, false, true);
    }

    private static @Nullable SegmentHeader header(Path path, Disk disk) throws IOException {
        try {
            return SegmentHeader.of(disk.read(path, SegmentHeader.BYTES));
        } catch (MalformedRecordException later) {
            throw new IOException(path + ": " + later.getMessage(), later);
        }
    }

    private static LogCheck check(List<SegmentScan> segments) {
        int broken = broken(segments);
        if (broken == segments.size()) {
            return new LogCheck(List.of(), null);
        }
        Damage damage = damage(segments, broken);
        List<Tail> tails = new ArrayList<>();
        for (int i = broken; i < segments.size(); i++) {
            SegmentScan segment = segments.get(i);
            long from = i == broken ? segment.end() : 0;
            if (segment.size() > from) {
                tails.add(
                        new Tail(segment.path(), from, segment.size() - from, damage == null && segment.endsWithin()));
            }
        }
        return new LogCheck(tails, damage);
    }

    /** The index of the first segment that is not whole, or not continued by the next one; their number if all are. */
    private static int broken(List<SegmentScan> segments) {
        int broken = 0;
        while (broken < segments.size() && segments.get(broken).isWhole() && !hasGap(segments, broken)) {
            broken++;
        }
        return broken;
    }

    private static boolean hasGap(List<SegmentScan> segments, int before) {
        SegmentHeader next =
                before + 1 < segments.size() ? segments.get(before + 1).header() : null;
        return next != null && next.first() > segments.get(before).endSequence();
    }

    private static @Nullable Damage damage(List<SegmentScan> segments, int broken) {
        SegmentScan bad = segments.get(broken);
        if (bad.header() == null && bad.size() > SegmentHeader.BYTES) {
            // Headers are forced before anything follows them.
            return new Damage(bad.path(), 0, bad.path(), SegmentHeader.BYTES);
        }
        if (bad.later() >= 0) {
            return new Damage(bad.path(), bad.end(), bad.path(), bad.later());
        }
        for (SegmentScan segment : segments.subList(broken + 1, segments.size())) {
            long later = later(segment, bad.endSequence());
            if (later >= 0) {
                return new Damage(bad.path(), bad.end(), segment.path(), later);
            }
        }
        return null;
    }

    /** Where a later segment shows that there was more in the log than updates up to a sequence; -1 if it does not. */
    private static long later(SegmentScan segment, long endSequence) {
        SegmentHeader header = segment.header();
        if (header == null) {
            return segment.size() > SegmentHeader.BYTES ? 0 : -1;
        }
        if (segment.index().blocks() > 0) {
            return SegmentHeader.BYTES;
        }
        return header.first() > endSequence ? 0 : segment.later();
    }

    private static void requireComplete(Path directory, long first, List<SegmentScan> segments) throws IOException {
        for (int i = 0; i < segments.size(); i++) {
            SegmentHeader header = segments.get(i).header();
            long expected = i == 0 ? first : segments.get(i - 1).endSequence();
            boolean isCertain = i == 0 || segments.get(i - 1).indexed();
            if (header == null || header.first() == expected || (header.first() > expected && !isCertain)) {
                continue;
            }
            throw new LogDamageException(
                    segments.get(i).path(),
                    0,
                    "begins with update " + header.first() + " (expected: with update " + expected + ")"
                            + (header.first() > expected
                                    ? "; " + directory.resolve(SegmentNames.segment(expected)) + " is missing"
                                    : ""));
        }
    }

    /** The condition of the log. */
    public LogCheck check() {
        return check;
    }

    /** What was deleted from the front of the log. */
    LogBeginning beginning() {
        return beginning;
    }

    /** The segments, as far as they are whole. */
    List<SegmentScan> segments() {
        return segments;
    }

    /**
     * Drops everything behind the first place that is not a whole group, and opens the log.
     *
     * @throws IOException if that failed; it can be repeated then
     */
    public SegmentLog open(Disk disk, SegmentLog.Sizes sizes) throws IOException {
        return open(disk, sizes, RANDOM::nextLong);
    }

    /**
     * As {@link #open(Disk, SegmentLog.Sizes)}.
     *
     * @param ids returns a number for each new segment that no other segment ever had
     */
    public SegmentLog open(Disk disk, SegmentLog.Sizes sizes, LongSupplier ids) throws IOException {
        deleteRemains(disk);
        // The last file first: if this is interrupted, what is left is still a log with a broken end.
        int kept = Math.min(segments.size(), broken(segments) + 1);
        for (int i = segments.size() - 1; i >= kept; i--) {
            delete(segments.get(i), disk);
        }
        List<SegmentScan> left = new ArrayList<>();
        for (SegmentScan segment : segments.subList(0, kept)) {
            SegmentHeader header = segment.header();
            if (header == null || segment.endSequence() == header.first()) {
                // Its name is that of the segment that takes its place.
                delete(segment, disk);
            } else {
                left.add(segment);
            }
        }
        List<Segment> open = open(left, disk);
        disk.force(directory);
        return new SegmentLog(directory, disk, sizes, ids, beginning, open, check.isWhole());
    }

    /** Completes an interrupted deletion. */
    private void deleteRemains(Disk disk) throws IOException {
        for (Path file : SegmentNames.filesBefore(directory, disk, beginning.sequence())) {
            disk.delete(file);
        }
    }

    @SuppressWarnings("NullAway") // Segments without a header are not opened.
    private static List<Segment> open(List<SegmentScan> segments, Disk disk) throws IOException {
        List<Segment> open = new ArrayList<>();
        try {
            for (int i = 0; i < segments.size(); i++) {
                SegmentScan scan = segments.get(i);
                boolean isFull = i + 1 < segments.size();
                if (scan.end() < scan.size()) {
                    disk.truncate(scan.path(), scan.end());
                }
                if (!scan.indexed()) {
                    // An earlier run may have left it in the page cache only, and its last force may have failed.
                    disk.rewrite(scan.path());
                }
                AppendFile file = disk.open(scan.path());
                Segment segment =
                        new Segment(scan.path(), scan.header(), file, scan.index(), scan.end(), scan.endSequence());
                open.add(segment);
                if (!scan.indexed()) {
                    segment.force();
                }
                if (isFull) {
                    if (!scan.indexed()) {
                        disk.write(SegmentNames.indexOf(scan.path()), segment.indexBytes());
                    }
                    segment.seal();
                }
            }
            return open;
        } catch (IOException | RuntimeException | Error failed) {
            for (Segment segment : open) {
                segment.close();
            }
            throw failed;
        }
    }

    private void delete(SegmentScan segment, Disk disk) throws IOException {
        disk.delete(SegmentNames.indexOf(segment.path()));
        disk.delete(segment.path());
        disk.force(directory);
    }
}
