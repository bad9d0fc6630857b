package dev.hence.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.update.Update;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogReaderTest {

    private final List<Update> updates = Logs.updates(100);

    @TempDir
    Path directory;

    @BeforeEach
    void write() throws IOException {
        Logs.write(directory, updates);
    }

    private static List<LoggedFrame> frames(LogReader reader, long from) throws IOException {
        List<LoggedFrame> frames = new ArrayList<>();
        reader.forEach(from, frames::add);
        return frames;
    }

    private static List<Update> updates(List<LoggedFrame> frames) {
        return frames.stream().flatMap(frame -> frame.updates().stream()).toList();
    }

    @Test
    void segments_wholeLog_continueEachOther() throws IOException {
        LogReader reader = LogReader.of(directory, true);

        assertThat(reader.segments()).hasSizeGreaterThan(3);
        long next = 0;
        for (SegmentFile segment : reader.segments()) {
            assertThat(segment.first()).isEqualTo(next);
            assertThat(segment.isWhole()).isTrue();
            assertThat(segment.size()).isEqualTo(Files.size(segment.path()));
            next += segment.updates();
        }
        assertThat(next).isEqualTo(updates.size());
        assertThat(reader.endSequence()).isEqualTo(updates.size());
        assertThat(reader.origins()).containsExactly(Logs.NODE1, Logs.NODE2);
        assertThat(LogReader.of(directory, false).segments()).isEqualTo(reader.segments());
    }

    @Test
    void forEach_fromAnySequence_visitsFromTheFrameThatHoldsIt() throws IOException {
        LogReader reader = LogReader.of(directory, true);

        assertThat(updates(frames(reader, 0))).isEqualTo(updates);
        for (int from = 0; from < updates.size(); from++) {
            List<LoggedFrame> frames = frames(reader, from);
            LoggedFrame first = frames.getFirst();
            assertThat(first.sequence()).isLessThanOrEqualTo(from);
            assertThat(first.endSequence()).isGreaterThan(from);
            assertThat(updates(frames)).isEqualTo(updates.subList((int) first.sequence(), updates.size()));
        }
        assertThat(frames(reader, updates.size())).isEmpty();
    }

    @Test
    void forEach_visitorHasEnough_visitsNoMore() throws IOException {
        List<LoggedFrame> frames = new ArrayList<>();

        LogReader.of(directory, true).forEach(0, frame -> {
            frames.add(frame);
            return frames.size() < 3;
        });

        assertThat(frames).hasSize(3);
    }

    @Test
    void forEach_frame_isDescribedByItsGroup() throws IOException {
        LoggedFrame first = frames(LogReader.of(directory, true), 0).getFirst();

        byte[] file = Files.readAllBytes(first.file());
        assertThat(first.groupOffset()).isEqualTo(SegmentHeader.BYTES);
        assertThat(first.groupCrc()).isEqualTo((int) Group.INT.get(file, SegmentHeader.BYTES + 4));
        assertThat(first.updates()).hasSize(2);
        assertThat(first.operations()).isEqualTo(2);
        assertThat(first.bytes())
                .isEqualTo(
                        (int) Group.INT.get(file, SegmentHeader.BYTES) - Group.HEAD_BYTES - Group.FRAME_PREFIX_BYTES);
    }

    @Test
    void forEach_tornEnd_visitsWhatIsWhole() throws IOException {
        Path last = Logs.segments(directory).getLast();
        Logs.truncate(last, 5);

        LogReader reader = LogReader.of(directory, true);

        assertThat(reader.check().damage()).isNull();
        assertThat(reader.check().tails())
                .singleElement()
                .satisfies(tail -> assertThat(tail.endsWithin()).isTrue());
        assertThat(reader.segments().getLast().isWhole()).isFalse();
        assertThat(reader.endSequence()).isEqualTo(98);
        assertThat(updates(frames(reader, 0))).isEqualTo(updates.subList(0, 98));
    }

    @Test
    void forEach_segmentWithoutHeaderAtTheEnd_visitsThoseBefore() throws IOException {
        Path torn = directory.resolve(SegmentNames.segment(updates.size()));
        Files.write(torn, new byte[7]);

        LogReader reader = LogReader.of(directory, true);

        assertThat(reader.segments().getLast().id()).isNull();
        assertThat(reader.endSequence()).isEqualTo(updates.size());
        assertThat(updates(frames(reader, 0))).isEqualTo(updates);
    }

    @Test
    void forEach_damageInSegmentWithIndex_isFoundWhenItIsRead() throws IOException {
        Path second = Logs.segments(directory).get(1);
        Logs.flip(second, SegmentHeader.BYTES + 30);

        LogReader reader = LogReader.of(directory, true);

        assertThat(reader.check().isWhole()).isTrue();
        assertThatThrownBy(() -> frames(reader, 0))
                .isInstanceOf(LogDamageException.class)
                .hasMessage(second + ": byte 32: wrong checksum (expected: that of its content; the file is damaged)");
    }

    @Test
    void of_missingSegment_isDamage() throws IOException {
        Files.delete(Logs.segments(directory).get(1));

        assertThatThrownBy(() -> LogReader.of(directory, true))
                .isInstanceOf(LogDamageException.class)
                .hasMessageContaining(" is missing");
    }

    @Test
    void of_log_changesNothing() throws IOException {
        Logs.truncate(Logs.segments(directory).getLast(), 5);
        List<byte[]> before = new ArrayList<>();
        for (Path segment : Logs.segments(directory)) {
            before.add(Files.readAllBytes(segment));
        }

        frames(LogReader.of(directory, false), 0);

        List<Path> segments = Logs.segments(directory);
        assertThat(segments).hasSameSizeAs(before);
        for (int i = 0; i < before.size(); i++) {
            assertThat(Files.readAllBytes(segments.get(i))).isEqualTo(before.get(i));
        }
    }
}
