package dev.hence.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.update.Update;
import dev.hence.engine.log.LogVerdict.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogVerifierTest {

    private static final int COUNT = 100;

    @TempDir
    Path directory;

    private List<Path> written(List<Update> updates) throws IOException {
        Logs.write(directory, updates);
        return Logs.segments(directory);
    }

    private Place problem() throws IOException {
        LogVerdict verdict = LogVerifier.verify(directory);
        assertThat(verdict.isWhole()).isFalse();
        return verdict.problems().getFirst();
    }

    private Place note() throws IOException {
        LogVerdict verdict = LogVerifier.verify(directory);
        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.notes()).hasSize(1);
        return verdict.notes().getFirst();
    }

    @Test
    void verify_wholeLog_countsAllOfIt() throws IOException {
        List<Path> segments = written(Logs.updates(COUNT));

        LogVerdict verdict = LogVerifier.verify(directory);

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.notes()).isEmpty();
        assertThat(verdict.updates()).isEqualTo(COUNT);
        assertThat(verdict.segments()).isEqualTo(segments.size());
        assertThat(verdict.frames()).isBetween(COUNT / 2L, (long) COUNT);
        assertThat(Files.exists(Logs.indexOf(segments.getFirst()))).isTrue();
    }

    @Test
    void verify_noSegments_isWhole() throws IOException {
        assertThat(LogVerifier.verify(directory)).isEqualTo(new LogVerdict(0, 0, 0, 0, List.of(), List.of()));
    }

    @Test
    void verify_anyByteOfASegmentChanged_isNotSilent() throws IOException {
        List<Path> segments = written(Logs.updates(40));
        Path second = segments.get(1);
        for (int offset = 0; offset < Files.size(second); offset++) {
            Logs.flip(second, offset);
            assertThat(LogVerifier.verify(directory).isWhole())
                    .as("byte %d changed", offset)
                    .isFalse();
            Logs.flip(second, offset);
        }
        assertThat(LogVerifier.verify(directory).isWhole()).isTrue();
    }

    @Test
    void verify_changedByteInTheMiddle_namesFileAndGroup() throws IOException {
        Path second = written(Logs.updates(COUNT)).get(1);
        Logs.flip(second, SegmentHeader.BYTES + 30);

        assertThat(problem().file()).isEqualTo(second);
        assertThat(problem().offset()).isEqualTo(SegmentHeader.BYTES);
        assertThat(problem().what()).contains("groups follow from byte ");
    }

    @Test
    void verify_tornEnd_isANote() throws IOException {
        Path last = written(Logs.updates(COUNT)).getLast();
        Logs.truncate(last, 5);

        assertThat(note().file()).isEqualTo(last);
        assertThat(note().what()).startsWith("torn end: ");
        assertThat(LogVerifier.verify(directory).updates()).isEqualTo(COUNT - 2);
    }

    @Test
    void verify_endOfIndexedSegmentMissing_isDamage() throws IOException {
        List<Path> segments = written(Logs.updates(COUNT));
        Files.delete(segments.getLast());
        Path last = segments.get(segments.size() - 2);
        Logs.truncate(last, 5);

        assertThat(problem().file()).isEqualTo(last);
        assertThat(problem().what()).contains("the index file covers ");
    }

    @Test
    void verify_firstSegmentMissing_isDamage() throws IOException {
        List<Path> segments = written(Logs.updates(COUNT));
        Files.delete(segments.getFirst());

        assertThat(problem().file()).isEqualTo(segments.get(1));
        assertThat(problem().what()).contains("expected: with update 0").contains(" is missing");
    }

    @Test
    void verify_segmentMissing_isDamage() throws IOException {
        List<Path> segments = written(Logs.updates(COUNT));
        Files.delete(segments.get(2));

        assertThat(problem().file()).isEqualTo(segments.get(1));
        assertThat(problem().what()).contains(" of " + segments.get(3).getFileName());
    }

    @Test
    void verify_updateBeforeItsContext_isDamage() throws IOException {
        List<Update> updates = Logs.updates(6);
        Update skipped = updates.get(2);
        assertThat(skipped.dot().replica()).isEqualTo(Logs.NODE2);
        Path segment =
                written(List.of(updates.get(0), updates.get(1), updates.get(3))).getLast();

        assertThat(problem().file()).isEqualTo(segment);
        assertThat(problem().what()).startsWith("update " + updates.get(3).dot() + " with context ");
        assertThat(LogVerifier.verify(directory).updates()).isEqualTo(2);
    }

    @Test
    void verify_updateOfAnotherPast_isDamage() throws IOException {
        List<Update> updates = Logs.updates(3);
        Update other = Logs.update(
                updates.get(1).dot(),
                updates.get(1).context(),
                77,
                updates.get(1).past());
        written(List.of(updates.get(0), other, updates.get(2)));

        assertThat(problem().what()).startsWith("update " + updates.get(2).dot() + " was made after other updates");
    }

    @Test
    void verify_updateTwice_isDamage() throws IOException {
        List<Update> updates = Logs.updates(2);
        written(List.of(updates.get(0), updates.get(1), updates.get(1), updates.get(0)));

        assertThat(problem().what()).startsWith("update " + updates.get(1).dot() + " with context ");
    }

    @Test
    void verify_indexCutOff_isANote() throws IOException {
        Path index = Logs.indexOf(written(Logs.updates(COUNT)).getFirst());
        Logs.truncate(index, 3);

        assertThat(note().file()).isEqualTo(index);
    }

    @Test
    void verify_emptyIndex_isANote() throws IOException {
        Path index = Logs.indexOf(written(Logs.updates(COUNT)).getFirst());
        Files.write(index, new byte[0]);

        assertThat(note().file()).isEqualTo(index);
    }

    @Test
    void verify_indexOfAnotherSegment_isDamage() throws IOException {
        List<Path> segments = written(Logs.updates(COUNT));
        Path index = Logs.indexOf(segments.getFirst());
        Files.write(index, Files.readAllBytes(Logs.indexOf(segments.get(1))));

        assertThat(problem().file()).isEqualTo(index);
        assertThat(problem().what()).startsWith("index of another segment");
    }

    @Test
    void verify_indexWithOtherBlocks_isDamage() throws IOException {
        Path segment = written(Logs.updates(COUNT)).getFirst();
        SegmentScan scan = SegmentScan.of(segment);
        BlockIndex other = new BlockIndex();
        other.begin(SegmentHeader.BYTES, 0);
        long id = Objects.requireNonNull(scan.header()).id();
        Files.write(Logs.indexOf(segment), other.bytes(id, scan.size(), scan.endSequence()));

        assertThat(problem().file()).isEqualTo(Logs.indexOf(segment));
        assertThat(problem().what()).startsWith("differs from its segment");
    }

    @Test
    void verify_indexOfAShorterSegment_isANote() throws IOException {
        Path segment = written(Logs.updates(COUNT)).getLast();
        SegmentScan scan = SegmentScan.of(segment);
        long id = Objects.requireNonNull(scan.header()).id();
        Files.write(Logs.indexOf(segment), scan.index().bytes(id, scan.size() - 1, scan.endSequence()));

        assertThat(note().file()).isEqualTo(Logs.indexOf(segment));
    }
}
