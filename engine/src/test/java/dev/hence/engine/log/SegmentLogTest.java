package dev.hence.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replica.Replica;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.EncodedFrame;
import dev.hence.engine.codec.FrameDecoder;
import dev.hence.engine.codec.FrameEncoder;
import dev.hence.engine.codec.FrameHeader;
import dev.hence.engine.disk.LosingDisk;
import dev.hence.engine.disk.RealDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The segment log against a plain list of updates, and with files as crashes and damage leave them. */
final class SegmentLogTest {

    private static final SegmentLog.Sizes SMALL = new SegmentLog.Sizes(4_000, 900);
    private static final SegmentLog.Sizes ONE_SEGMENT = new SegmentLog.Sizes(1 << 20, 900);
    private static final ReplicaId SELF = new ReplicaId("node1", 1);

    @TempDir
    Path directory;

    private final SplittableRandom random = new SplittableRandom(Long.getLong("hence.seed", 1));
    private final Deliveries source = new Deliveries(random, Replica.Recovered.fresh(SELF));

    /** What was appended, by groups. */
    private final List<List<Update>> groups = new ArrayList<>();

    private SegmentLog.Sizes sizes = SMALL;
    private SegmentLog log;
    private FrameEncoder encoder = new FrameEncoder();

    @BeforeEach
    void open() throws IOException {
        log = CheckedLog.of(directory).open(new RealDisk(), sizes);
        encoder = new FrameEncoder();
    }

    @AfterEach
    void close() throws IOException {
        log.close();
    }

    private void reopen() throws IOException {
        log.close();
        open();
    }

    private void useOneSegment() throws IOException {
        sizes = ONE_SEGMENT;
        reopen();
    }

    /** Appends groups, and returns the size of the last segment after each. */
    private List<Long> append(int count) throws IOException {
        List<Long> ends = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Update> group = source.next(8).delivered();
            append(group);
            ends.add(Files.size(segments().getLast()));
        }
        return ends;
    }

    private void append(List<Update> group) throws IOException {
        if (log.beginsBlock()) {
            encoder.restart();
        }
        List<EncodedFrame> frames = new ArrayList<>();
        encoder.encode(group, (frame, before) -> frames.add(frame));
        log.append(frames);
        groups.add(group);
    }

    private void appendSegments(int count) throws IOException {
        while (segments().size() < count) {
            append(1);
        }
    }

    private List<Update> all() {
        return groups.stream().flatMap(List::stream).toList();
    }

    private List<Update> allBut(int lastGroups) {
        return groups.subList(0, groups.size() - lastGroups).stream()
                .flatMap(List::stream)
                .toList();
    }

    private List<Path> segments() throws IOException {
        return SegmentNames.segments(directory);
    }

    private static Path index(Path segment) {
        return SegmentNames.indexOf(segment);
    }

    /** The log's updates from a sequence on, block after block. */
    private static List<Update> read(SegmentLog log, long sequence) throws IOException {
        List<Update> found = new ArrayList<>();
        for (Block block = log.block(sequence); block != null; block = log.after(block)) {
            decode(block, null, sequence, 0, found);
        }
        return found;
    }

    /** The log's updates of an origin from a counter on. */
    private static List<Update> read(SegmentLog log, ReplicaId origin, long counter) throws IOException {
        List<Update> found = new ArrayList<>();
        for (Block block = log.block(origin, counter); block != null; block = log.after(block, origin)) {
            decode(block, origin, 0, counter, found);
        }
        return found;
    }

    private static void decode(Block block, @Nullable ReplicaId origin, long sequence, long counter, List<Update> into)
            throws IOException {
        FrameDecoder decoder = new FrameDecoder();
        block.forEach(block.read(), (first, bytes, from, to) -> {
            FrameHeader header = decoder.header(bytes, from, to);
            if (origin == null || origin.equals(header.origin())) {
                List<Update> updates = decoder.decode(bytes, from, to).updates();
                for (int i = 0; i < updates.size(); i++) {
                    if (first + i >= sequence && updates.get(i).dot().counter() >= counter) {
                        into.add(updates.get(i));
                    }
                }
            }
            return header.count();
        });
    }

    private void requireAnswersAs(List<Update> expected) throws IOException {
        assertThat(log.firstSequence()).isZero();
        assertThat(log.endSequence()).isEqualTo(expected.size());
        assertThat(read(log, 0)).isEqualTo(expected);
        assertThat(log.block(expected.size())).isNull();
        for (int query = 0; query < 50; query++) {
            int from = random.nextInt(expected.size());
            assertThat(read(log, from)).isEqualTo(expected.subList(from, expected.size()));
            Update some = expected.get(random.nextInt(expected.size()));
            ReplicaId origin = some.dot().replica();
            assertThat(read(log, origin, some.dot().counter()))
                    .isEqualTo(expected.subList(expected.indexOf(some), expected.size()).stream()
                            .filter(update -> update.dot().replica().equals(origin))
                            .toList());
            assertThat(log.block(origin, some.dot().counter() + expected.size()))
                    .isNull();
        }
        assertThat(log.block(new ReplicaId("node1", 9), 1)).isNull();
        long bytes = 0;
        for (Path segment : segments()) {
            bytes += Files.size(segment);
        }
        assertThat(log.bytes()).isEqualTo(bytes);
    }

    @Test
    void log_randomGroupsAndOpens_answersAsTheList() throws IOException {
        for (int round = 0; round < 12; round++) {
            append(1 + random.nextInt(20));
            if (random.nextBoolean()) {
                log.force();
            }
            reopen();
        }
        assertThat(segments()).hasSizeGreaterThan(3);
        requireAnswersAs(all());
    }

    @Test
    void force_severalFullSegments_writesTheIndexOfEach() throws IOException {
        appendSegments(4);
        assertThat(index(segments().getFirst())).doesNotExist();
        log.force();
        for (Path segment : segments().subList(0, 3)) {
            assertThat(index(segment)).exists();
        }
        assertThat(index(segments().getLast())).doesNotExist();
    }

    @Test
    void force_severalFullSegments_forcesEachBeforeItsIndexIsWritten() throws IOException {
        log.close();
        LosingDisk disk = new LosingDisk(directory);
        log = CheckedLog.of(directory).open(disk, SMALL);
        appendSegments(4);
        List<Path> indexed = new ArrayList<>();
        disk.watch(() -> {
            for (Path segment : allOf(directory)) {
                if (Files.exists(index(segment)) && !indexed.contains(segment)) {
                    indexed.add(segment);
                    Path left = directory.resolveSibling(directory.getFileName() + "-left" + indexed.size());
                    losePower(disk, left);
                    assertThat(left.resolve(segment.getFileName())).hasSameBinaryContentAs(segment);
                }
            }
        });
        log.force();
        assertThat(indexed).isEqualTo(segments().subList(0, 3));
    }

    private static List<Path> allOf(Path directory) {
        try {
            return SegmentNames.segments(directory);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void losePower(LosingDisk disk, Path left) {
        try {
            disk.powerLoss(directory, left);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void open_segmentWithItsIndex_doesNotReadTheSegment() throws IOException {
        appendSegments(3);
        log.force();
        flip(segments().getFirst(), SegmentHeader.BYTES + 30);
        assertThat(CheckedLog.of(directory).check().isWhole()).isTrue();
        assertThat(CheckedLog.of(directory, false).check().damage()).isNotNull();
        flip(segments().getFirst(), SegmentHeader.BYTES + 30);
        reopen();
        requireAnswersAs(all());
    }

    @Test
    void open_indexDamagedMissingOrOfAnotherSegment_readsTheSegment() throws IOException {
        appendSegments(5);
        log.force();
        List<Path> segments = segments();
        flip(index(segments.get(0)), 40);
        Files.delete(index(segments.get(1)));
        Files.copy(index(segments.get(3)), index(segments.get(2)), StandardCopyOption.REPLACE_EXISTING);
        Files.write(index(segments.get(3)), new byte[0]);
        reopen();
        requireAnswersAs(all());
        append(3);
        requireAnswersAs(all());
        flip(segments.getFirst(), SegmentHeader.BYTES + 30);
        assertThat(CheckedLog.of(directory).check().isWhole())
                .as("the index files were written again")
                .isTrue();
        flip(segments.getFirst(), SegmentHeader.BYTES + 30);
    }

    /** The index file is that of a segment that had the name before. */
    @Test
    void open_indexThatDoesNotBelongToTheSegment_forcesTheSegment() throws IOException {
        appendSegments(2);
        log.force();
        log.close();
        byte[] index = Files.readAllBytes(index(segments().getFirst()));
        for (Path segment : segments()) {
            Files.delete(segment);
        }
        groups.clear();
        open();
        append(1);
        Files.write(index(segments().getFirst()), index);
        log.close();
        LosingDisk disk = new LosingDisk(directory);
        CheckedLog.of(directory).open(disk, SMALL).close();
        Path left = directory.resolveSibling(directory.getFileName() + "-left");
        disk.powerLoss(directory, left);
        assertThat(left.resolve(segments().getFirst().getFileName()))
                .hasSameBinaryContentAs(segments().getFirst());
        open();
        requireAnswersAs(all());
    }

    @Test
    void open_tornLastGroupAtEveryLength_hasAllBeforeIt() throws IOException {
        useOneSegment();
        List<Long> ends = append(12);
        while (ends.getLast() - ends.get(ends.size() - 2) > 300) {
            ends.addAll(append(1));
        }
        Path last = segments().getLast();
        byte[] bytes = Files.readAllBytes(last);
        long start = ends.get(ends.size() - 2);
        List<Update> kept = allBut(1);
        for (int length = (int) start; length < bytes.length; length++) {
            log.close();
            Files.write(last, Arrays.copyOf(bytes, length));
            LogCheck check = CheckedLog.of(directory).check();
            assertThat(check.damage()).isNull();
            assertThat(check.bytes()).isEqualTo(length - start);
            assertThat(check.tails()).allMatch(LogCheck.Tail::endsWithin);
            open();
            assertThat(read(log, 0)).as("%d bytes", length).isEqualTo(kept);
            assertThat(segments()).allMatch(segment -> size(segment) <= start);
        }
        groups.removeLast();
    }

    @Test
    void open_lastGroupWithAZeroedSuffix_hasAllBeforeItAndGoesOn() throws IOException {
        useOneSegment();
        List<Long> ends = append(5);
        log.close();
        Path last = segments().getLast();
        byte[] bytes = Files.readAllBytes(last);
        Arrays.fill(bytes, ends.get(3).intValue() + 10, bytes.length, (byte) 0);
        Files.write(last, bytes);
        assertThat(CheckedLog.of(directory).check().tails())
                .singleElement()
                .satisfies(tail -> assertThat(tail.endsWithin()).isFalse());
        open();
        assertThat(read(log, 0)).isEqualTo(allBut(1));
        append(groups.removeLast());
        requireAnswersAs(all());
        assertThat(segments()).hasSize(2);
    }

    @Test
    void open_headerCutOffAtEveryLength_hasAllBeforeItAndGoesOn() throws IOException {
        appendSegments(2);
        List<Update> last = groups.removeLast();
        Path segment = segments().getLast();
        byte[] bytes = Files.readAllBytes(segment);
        for (int length = 0; length <= SegmentHeader.BYTES; length++) {
            log.close();
            Files.write(segment, Arrays.copyOf(bytes, length));
            LogCheck check = CheckedLog.of(directory).check();
            assertThat(check.damage()).isNull();
            assertThat(check.tails()).allMatch(LogCheck.Tail::endsWithin);
            open();
            assertThat(segments()).hasSize(1);
        }
        append(last);
        requireAnswersAs(all());
    }

    @Test
    void check_groupDamagedBeforeOthers_findsBothPlaces() throws IOException {
        useOneSegment();
        List<Long> ends = append(6);
        flip(segments().getLast(), ends.get(2) + 12);
        LogCheck check = CheckedLog.of(directory).check();
        assertThat(check.damage())
                .isEqualTo(new LogCheck.Damage(
                        segments().getLast(), ends.get(2), segments().getLast(), ends.get(3)));
        assertThat(check.bytes()).isEqualTo(ends.getLast() - ends.get(2));
    }

    /** If each place that looks like the length of a group cost a checksum, this would take an hour. */
    @Test
    void check_tornGroupOfManyRandomBytes_isCheckedInTimeProportionalToThem() throws IOException {
        append(3);
        log.close();
        byte[] torn = new byte[64 << 20];
        random.nextBytes(torn);
        Files.write(segments().getLast(), torn, StandardOpenOption.APPEND);
        LogCheck check = CheckedLog.of(directory).check();
        assertThat(check.damage()).isNull();
        assertThat(check.bytes()).isEqualTo(torn.length);
    }

    @Test
    void check_segmentDamagedBeforeAnother_findsBothPlaces() throws IOException {
        appendSegments(3);
        Path first = segments().getFirst();
        flip(first, Files.size(first) - 1);
        assertThat(CheckedLog.of(directory).check().damage())
                .returns(first, LogCheck.Damage::file)
                .returns(segments().get(1), LogCheck.Damage::laterFile)
                .returns((long) SegmentHeader.BYTES, LogCheck.Damage::laterOffset);
    }

    /** What a power loss leaves if the first of two segments was not forced, and the file has not become longer. */
    @Test
    void check_segmentThatLostItsEndBeforeAnother_isDamagedThere() throws IOException {
        List<Long> ends = append(1);
        appendSegments(2);
        log.close();
        Path first = segments().getFirst();
        Path second = segments().getLast();
        Files.write(
                first, Arrays.copyOf(Files.readAllBytes(first), ends.getFirst().intValue()));
        for (int size : new int[] {(int) Files.size(second), SegmentHeader.BYTES}) {
            Files.write(second, Arrays.copyOf(Files.readAllBytes(second), size));
            LogCheck check = CheckedLog.of(directory).check();
            assertThat(check.damage())
                    .returns(first, LogCheck.Damage::file)
                    .returns(ends.getFirst(), LogCheck.Damage::offset)
                    .returns(second, LogCheck.Damage::laterFile);
            assertThat(check.bytes()).isEqualTo(size);
        }
        open();
        assertThat(read(log, 0)).isEqualTo(groups.getFirst());
        assertThat(segments()).containsExactly(first);
    }

    @Test
    void check_brokenSegmentBeforeOneWithABrokenBeginning_isDamaged() throws IOException {
        appendSegments(2);
        append(1);
        log.close();
        Path first = segments().getFirst();
        Path second = segments().getLast();
        Files.write(first, new byte[5], StandardOpenOption.APPEND);
        flip(second, SegmentHeader.BYTES + 20);
        assertThat(CheckedLog.of(directory).check().damage()).isNotNull();
        flip(second, 9);
        assertThat(CheckedLog.of(directory).check().damage()).isNotNull();
    }

    @Test
    void check_missingSegment_isRefusedWithItsName() throws IOException {
        appendSegments(4);
        log.force();
        for (Path missing : segments().subList(0, 3)) {
            Path aside = directory.resolve("aside");
            Files.move(missing, aside);
            assertThatThrownBy(() -> CheckedLog.of(directory))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(missing + " is missing");
            Files.move(aside, missing);
        }
        requireAnswersAs(all());
    }

    @Test
    void open_bytesOfAnEarlierSegment_areNotTakenForGroups() throws IOException {
        useOneSegment();
        append(4);
        log.close();
        Path path = segments().getLast();
        byte[] earlier = Files.readAllBytes(path);
        Files.delete(path);
        List<Update> first = groups.getFirst();
        groups.clear();
        open();
        append(first);
        log.close();
        // Behind its end the new file has the earlier one's second group, at the very offset at which it was written.
        byte[] bytes = Files.readAllBytes(path);
        System.arraycopy(bytes, 0, earlier, 0, bytes.length);
        Files.write(path, earlier);
        LogCheck check = CheckedLog.of(directory).check();
        assertThat(check.damage()).isNull();
        assertThat(check.bytes()).isEqualTo(earlier.length - bytes.length);
        open();
        requireAnswersAs(first);
    }

    @Test
    void open_groupThatWasMoved_isNotTakenForOne() throws IOException {
        useOneSegment();
        List<Long> ends = append(5);
        log.close();
        Path path = segments().getLast();
        byte[] bytes = Files.readAllBytes(path);
        int from = ends.get(2).intValue();
        byte[] moved = new byte[bytes.length + 7];
        System.arraycopy(bytes, 0, moved, 0, from);
        System.arraycopy(bytes, from, moved, from + 7, bytes.length - from);
        Files.write(path, moved);
        LogCheck check = CheckedLog.of(directory).check();
        assertThat(check.damage()).isNull();
        assertThat(check.bytes()).isEqualTo(moved.length - from);
        open();
        assertThat(read(log, 0)).isEqualTo(allBut(2));
    }

    @Test
    void check_segmentOfALaterVersion_isRefusedWithItsName() throws IOException {
        byte[] header = new SegmentHeader(1, 0).bytes();
        header[11]++;
        CRC32C crc = new CRC32C();
        crc.update(header, 0, SegmentHeader.BYTES - Integer.BYTES);
        ByteBuffer.wrap(header).putInt(SegmentHeader.BYTES - Integer.BYTES, (int) crc.getValue());
        Path segment = directory.resolve(SegmentNames.segment(0));
        Files.write(segment, header);
        assertThatThrownBy(() -> CheckedLog.of(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(segment + ": segment: version 2");
    }

    @Test
    void open_updateWhoseContextNamesThousandsOfReplicas_isThere() throws IOException {
        Map<ReplicaId, Long> context = new HashMap<>();
        for (int i = 0; i < 4_000; i++) {
            context.put(new ReplicaId("n".repeat(ReplicaId.NAME_LENGTH_MAX), i), 1L);
        }
        List<Operation> operations = source.next(1).delivered().getFirst().operations();
        append(List.of(Update.of(new Dot(SELF, 1), VersionVector.of(context), 1, operations)));
        reopen();
        assertThat(read(log, 0)).isEqualTo(all());
    }

    @Test
    void append_afterAnOpen_beginsABlock() throws IOException {
        append(1);
        assertThat(log.beginsBlock()).isFalse();
        reopen();
        assertThat(log.beginsBlock()).isTrue();
        append(1);
        assertThat(log.beginsBlock()).isFalse();
        requireAnswersAs(all());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void log_ofManySegmentsThatAreWrittenAndRead_keepsTheDescriptorsOfTheLastOnly() throws IOException {
        appendSegments(6);
        log.force();
        requireAnswersAs(all());
        assertThat(descriptors()).isEqualTo(2);
        reopen();
        requireAnswersAs(all());
        assertThat(descriptors()).isEqualTo(2);
        log.close();
        assertThat(descriptors()).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void open_thatFails_leavesNoDescriptors() throws IOException {
        appendSegments(4);
        log.close();
        Path index = Files.createDirectory(index(segments().getFirst()));
        CheckedLog checked = CheckedLog.of(directory, false);
        assertThatThrownBy(() -> checked.open(new RealDisk(), SMALL)).isInstanceOf(IOException.class);
        assertThat(descriptors()).isZero();
        Files.delete(index);
        open();
        requireAnswersAs(all());
    }

    /** How many descriptors of files of the log this process has open. */
    private long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(descriptor -> {
                        try {
                            return Files.readSymbolicLink(descriptor).startsWith(directory.toRealPath());
                        } catch (IOException closed) {
                            return false;
                        }
                    })
                    .count();
        }
    }

    /** Readers see whole groups in their order, and all that were appended before they began. */
    @Test
    void read_whileGroupsAreAppended_isAPrefixWithAllBefore() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        AtomicInteger appended = new AtomicInteger();
        List<List<Update>> coming = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            coming.add(source.next(3).delivered());
        }
        List<Update> expected = coming.stream().flatMap(List::stream).toList();
        SegmentLog shared = log;
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<?>> readers = new ArrayList<>();
            for (ReplicaId origin : Arrays.asList(null, SELF, new ReplicaId("node2", 2))) {
                readers.add(threads.submit(() -> {
                    while (!ended.get()) {
                        int atLeast = appended.get();
                        int from = Math.max(0, atLeast - 40);
                        requirePrefix(shared, origin, expected, from, atLeast);
                    }
                    return null;
                }));
            }
            for (List<Update> group : coming) {
                append(group);
                appended.addAndGet(group.size());
                if (groups.size() % 50 == 0) {
                    log.force();
                }
            }
            ended.set(true);
            for (Future<?> reader : readers) {
                reader.get();
            }
        }
        requireAnswersAs(expected);
    }

    private static void requirePrefix(
            SegmentLog log, @Nullable ReplicaId origin, List<Update> all, int from, int atLeast) throws IOException {
        if (from == all.size() || atLeast == 0) {
            return;
        }
        List<Update> found;
        List<Update> following = all.subList(from, all.size());
        if (origin == null) {
            found = read(log, from);
        } else {
            following = following.stream()
                    .filter(update -> update.dot().replica().equals(origin))
                    .toList();
            if (following.isEmpty()) {
                return;
            }
            found = read(log, origin, following.getFirst().dot().counter());
        }
        assertThat(found).isEqualTo(following.subList(0, found.size()));
        long before = all.subList(from, atLeast).stream()
                .filter(update -> origin == null || update.dot().replica().equals(origin))
                .count();
        assertThat(found).hasSizeGreaterThanOrEqualTo((int) before);
    }

    private static void flip(Path file, long offset) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) offset] ^= 0x55;
        Files.write(file, bytes);
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    @Test
    void append_afterAFailedOne_isRefused() throws IOException {
        append(1);
        log.close();
        assertThatThrownBy(() -> append(1)).isInstanceOf(IOException.class);
        groups.clear();
        assertThatThrownBy(() -> append(1)).hasMessageContaining("an earlier write failed");
        assertThatThrownBy(() -> log.force()).hasMessageContaining("an earlier write failed");
    }
}
