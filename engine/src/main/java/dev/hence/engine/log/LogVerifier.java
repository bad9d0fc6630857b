package dev.hence.engine.log;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.delivery.DeliveryRule;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Lineage;
import dev.hence.core.update.Update;
import dev.hence.engine.log.LogVerdict.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Verifies a log: reads every byte, decodes every frame, delivers every update in order to a clock that begins with what was
 * deleted from the front of the log, and compares index files with their segments. Changes nothing.
 *
 * <p>Index files are not forced, so one that a crash cut off is no damage: a start reads the segment instead. But one
 * that is intact was written after its segment was forced, so the segment holds all that it names.
 */
public final class LogVerifier {

    private final List<Place> problems = new ArrayList<>();
    private final List<Place> notes = new ArrayList<>();
    private VersionVector clock = VersionVector.EMPTY;

    // Knows the last updates of each origin; older ones, which few contexts name, are not compared.
    private Lineage lineage = new Lineage(VersionVector.EMPTY, dot -> null);
    private long frames;
    private long updates;

    private LogVerifier() {}

    /**
     * Verifies the log in a directory.
     *
     * @throws IOException if a file cannot be read
     */
    public static LogVerdict verify(Path directory) throws IOException {
        return new LogVerifier().run(directory);
    }

    private LogVerdict run(Path directory) throws IOException {
        int files = 0;
        long bytes = 0;
        try {
            LogReader reader = LogReader.of(directory, false);
            files = reader.segments().size();
            bytes = reader.segments().stream().mapToLong(SegmentFile::size).sum();
            segments(reader.check());
            for (SegmentScan segment : reader.scans()) {
                index(segment);
            }
            begin(reader.beginning());
            reader.forEach(0, this::frame);
        } catch (LogDamageException damaged) {
            problems.add(new Place(damaged.file(), damaged.offset(), damaged.what()));
        }
        return new LogVerdict(files, frames, updates, bytes, problems, notes);
    }

    private void segments(LogCheck check) {
        LogCheck.Damage damage = check.damage();
        if (damage != null) {
            problems.add(new Place(
                    damage.file(),
                    damage.offset(),
                    "no whole group (expected: one, because groups follow from byte " + damage.laterOffset() + " of "
                            + damage.laterFile().getFileName() + " on)"));
            return;
        }
        for (LogCheck.Tail tail : check.tails()) {
            notes.add(new Place(
                    tail.file(),
                    tail.offset(),
                    "torn end: " + tail.bytes() + " bytes that are no whole group; a running node may be writing them,"
                            + " otherwise the next start drops them"));
        }
    }

    private void begin(LogBeginning beginning) {
        clock = beginning.clock();
        lineage = new Lineage(clock, beginning::checksum);
    }

    private void index(SegmentScan segment) throws IOException {
        Path file = SegmentNames.indexOf(segment.path());
        SegmentHeader header = segment.header();
        if (header == null) {
            return;
        }
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException notFull) {
            return;
        }
        int ofSegment = 2 * Long.BYTES;
        long id = bytes.length < ofSegment ? 0 : (long) Group.LONG.get(bytes, 0);
        long size = bytes.length < ofSegment ? 0 : (long) Group.LONG.get(bytes, Long.BYTES);
        if (BlockIndex.of(bytes, id, size) == null) {
            notes.add(new Place(file, 0, "incomplete index, as after a crash; the next start reads its segment"));
        } else if (id != header.id()) {
            problems.add(new Place(file, 0, "index of another segment (expected: of the one beside it)"));
        } else if (size > segment.end()) {
            problems.add(new Place(
                    segment.path(),
                    segment.end(),
                    "no whole group (expected: one, because the index file covers " + size + " bytes)"));
        } else if (size < segment.size()) {
            notes.add(new Place(file, 0, "index of a shorter segment; the next start reads the segment"));
        } else if (!Arrays.equals(bytes, segment.index().bytes(id, size, segment.endSequence()))) {
            problems.add(new Place(file, 0, "differs from its segment (expected: the blocks that the segment has)"));
        }
    }

    private boolean frame(LoggedFrame frame) {
        frames++;
        for (Update update : frame.updates()) {
            String wrong = deliver(update);
            if (!wrong.isEmpty()) {
                problems.add(new Place(frame.file(), frame.groupOffset(), "update " + update.dot() + " " + wrong));
                return false;
            }
            updates++;
        }
        lineage.stored();
        return true;
    }

    /** Delivers an update; returns what is wrong with it. */
    private String deliver(Update update) {
        if (!DeliveryRule.deliverable(update, clock)) {
            return "with context " + update.context() + " follows the clock " + clock
                    + " (expected: the next update of its origin, and a context that the clock covers)";
        }
        if (!lineage.agrees(update)) {
            return "was made after other updates than the log has (expected: the same ones under its context)";
        }
        lineage.delivered(Frame.of(update));
        clock = clock.with(update.dot());
        return "";
    }
}
