package dev.hence.engine.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.hence.engine.log.LogCheck;
import dev.hence.engine.log.LogCheck.Damage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rule that distinguishes a torn end from damage, on log files written by this test. */
final class WriteAheadLogCheckTest {

    private static final int BLOCK = 32 << 10;

    @TempDir
    Path directory;

    /** Writes a log as RocksDB does. */
    private static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final List<Integer> ends = new ArrayList<>();
        private long sequence;

        Writer(long sequence) {
            this.sequence = sequence;
        }

        Writer batch(int count, byte[] changes) {
            record(ByteBuffer.allocate(12 + changes.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(sequence)
                    .putInt(count)
                    .put(changes)
                    .array());
            sequence += count;
            ends.add(out.size());
            return this;
        }

        Writer batches(int count, int bytes) {
            for (int i = 0; i < count; i++) {
                batch(3, new byte[bytes]);
            }
            return this;
        }

        private void record(byte[] payload) {
            int at = 0;
            boolean begin = true;
            do {
                int left = BLOCK - out.size() % BLOCK;
                if (left < 7) {
                    out.writeBytes(new byte[left]);
                    left = BLOCK;
                }
                int length = Math.min(left - 7, payload.length - at);
                boolean last = at + length == payload.length;
                int type = begin ? (last ? 1 : 2) : (last ? 4 : 3);
                fragment(type, Arrays.copyOfRange(payload, at, at + length));
                at += length;
                begin = false;
            } while (at < payload.length);
        }

        private void fragment(int type, byte[] payload) {
            CRC32C crc = new CRC32C();
            crc.update(type);
            crc.update(payload);
            int value = (int) crc.getValue();
            int masked = (value >>> 15 | value << 17) + 0xa282ead8;
            out.writeBytes(ByteBuffer.allocate(7)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(masked)
                    .putShort((short) payload.length)
                    .put((byte) type)
                    .array());
            out.writeBytes(payload);
        }

        byte[] bytes() {
            return out.toByteArray();
        }

        int start(int batch) {
            return batch == 0 ? 0 : ends.get(batch - 1);
        }
    }

    private Path file(int number, byte[] bytes) throws IOException {
        return Files.write(directory.resolve("%06d.log".formatted(number)), bytes);
    }

    private LogCheck check() throws IOException {
        return WriteAheadLogCheck.of(directory);
    }

    private static byte[] flipped(byte[] bytes, int offset) {
        byte[] flipped = bytes.clone();
        flipped[offset] ^= 1;
        return flipped;
    }

    @Test
    void of_noDirectory_isWhole() throws IOException {
        assertThat(WriteAheadLogCheck.of(directory.resolve("absent")).isWhole()).isTrue();
    }

    @Test
    void of_wholeRecordsOfAllLengthsAtAllPlacesInBlocks_isWhole() throws IOException {
        for (int bytes : new int[] {0, 1, 100, BLOCK - 27, BLOCK - 26, BLOCK - 20, BLOCK - 19, BLOCK - 12, 3 * BLOCK}) {
            file(4, new Writer(1).batches(50, bytes).bytes());
            assertThat(check()).as("%d bytes", bytes).isEqualTo(new LogCheck(List.of(), null));
        }
    }

    @Test
    void of_fileCutOffAtAnyByteOfItsLastRecord_endsInATornRecord() throws IOException {
        for (int bytes : new int[] {100, 2 * BLOCK}) {
            Writer writer = new Writer(7).batches(3, bytes);
            for (int size = writer.start(2) + 1; size < writer.bytes().length; size += bytes / 100) {
                Path file = file(4, Arrays.copyOf(writer.bytes(), size));
                LogCheck.Tail tail = new LogCheck.Tail(file, writer.start(2), size - writer.start(2), true);
                assertThat(check()).isEqualTo(new LogCheck(List.of(tail), null));
            }
        }
    }

    @Test
    void of_anyByteOfTheLastRecordFlipped_endsInATornRecord() throws IOException {
        Writer writer = new Writer(7).batches(3, 100);
        for (int offset = writer.start(2); offset < writer.bytes().length; offset++) {
            file(4, flipped(writer.bytes(), offset));
            assertThat(check().damage()).as("byte %d", offset).isNull();
            assertThat(check().bytes()).isEqualTo(writer.bytes().length - writer.start(2));
        }
    }

    @Test
    void of_anyByteBeforeTheLastRecordFlipped_isDamageAtItsRecord() throws IOException {
        Writer writer = new Writer(7).batches(4, 100);
        for (int offset = 0; offset < writer.start(3); offset++) {
            Path file = file(4, flipped(writer.bytes(), offset));
            Damage damage = Objects.requireNonNull(check().damage(), "damage of byte " + offset);
            int record = (int) damage.offset() / writer.start(1);
            assertThat(offset).isBetween(writer.start(record), writer.start(record + 1) - 1);
            assertThat(damage).isEqualTo(new Damage(file, writer.start(record), file, writer.start(record + 1)));
        }
    }

    @Test
    void of_randomFlipsInLongRecords_neverHidesARecordThatIsFollowedByAnother() throws IOException {
        long seed = Long.getLong("hence.seed", 1);
        int traces = Integer.getInteger("hence.traces", 500);
        for (int trace = 0; trace < traces; trace++, seed++) {
            Random random = new Random(seed);
            Writer writer = new Writer(1 + random.nextInt(1_000_000));
            int count = 2 + random.nextInt(8);
            for (int i = 0; i < count; i++) {
                byte[] changes = new byte[random.nextInt(random.nextBoolean() ? 50 : 80_000)];
                random.nextBytes(changes);
                writer.batch(1 + random.nextInt(10), changes);
            }
            byte[] bytes = writer.bytes();
            int offset = random.nextInt(bytes.length);
            // If the last record is hit as well, no record follows the one before it.
            int endMax = offset < writer.start(count - 1) ? writer.start(count - 1) : bytes.length;
            int end = Math.min(endMax, offset + 1 + random.nextInt(20));
            for (int i = offset; i < end; i++) {
                bytes[i] = (byte) random.nextInt();
            }
            file(4, bytes);
            LogCheck check = check();
            long whole = bytes.length - check.bytes();
            boolean loses = check.damage() == null && whole < writer.start(count - 1);
            assertThat(loses)
                    .as("seed %d: byte %d flipped, %s", seed, offset, check)
                    .isFalse();
        }
    }

    @Test
    void of_laterFragmentsOfATornRecord_areNoRecord() throws IOException {
        Writer writer = new Writer(7).batches(2, 100).batch(3, new byte[5 * BLOCK]);
        byte[] bytes = writer.bytes();
        Arrays.fill(bytes, writer.start(2), writer.start(2) + 4_096, (byte) 0);
        file(4, bytes);
        assertThat(check().damage()).isNull();
        assertThat(check().bytes()).isEqualTo(bytes.length - writer.start(2));
    }

    @Test
    void of_valueThatLooksLikeALog_isNotTakenForALaterRecord() throws IOException {
        byte[] log = new Writer(5_000_000).batches(20, 1_000).bytes();
        Writer writer = new Writer(7).batches(2, 100).batch(1, log);
        file(4, flipped(writer.bytes(), writer.start(2)));
        assertThat(check().damage()).isNull();
    }

    @Test
    void of_recordAfterTheZeroesOfPagesThatWereNotWritten_isDamage() throws IOException {
        Writer writer = new Writer(7).batches(40, 5_000);
        byte[] bytes = writer.bytes();
        Arrays.fill(bytes, writer.start(10), writer.start(38), (byte) 0);
        Path file = file(4, bytes);
        assertThat(check().damage()).isEqualTo(new Damage(file, writer.start(10), file, writer.start(38)));
    }

    @Test
    void of_zeroesToTheEnd_areATornEnd() throws IOException {
        Writer writer = new Writer(7).batches(10, 5_000);
        byte[] bytes = Arrays.copyOf(writer.bytes(), writer.bytes().length + 100_000);
        file(4, bytes);
        assertThat(check().damage()).isNull();
        assertThat(check().bytes()).isEqualTo(100_000);
    }

    @Test
    void of_severalFiles_areOneLog() throws IOException {
        Writer first = new Writer(7).batches(3, 100);
        file(4, first.bytes());
        file(10, new Writer(first.sequence).batches(3, 100).bytes());
        file(9, new byte[0]);
        assertThat(check().isWhole()).isTrue();
    }

    @Test
    void of_tornFileBeforeOneThatGoesOnBehindALoss_isDamage() throws IOException {
        Writer first = new Writer(7).batches(3, 100);
        Path torn = file(4, Arrays.copyOf(first.bytes(), first.bytes().length - 5));
        Path next = file(10, new Writer(first.sequence).batches(3, 100).bytes());
        LogCheck check = check();
        assertThat(check.damage()).isEqualTo(new Damage(torn, first.start(2), next, 0));
        assertThat(check.tails())
                .extracting(LogCheck.Tail::file, LogCheck.Tail::offset)
                .containsExactly(tuple(torn, (long) first.start(2)), tuple(next, 0L));
    }

    @Test
    void of_tornFileBeforeOneThatGoesOnWhereItIsWhole_isNoDamage() throws IOException {
        Writer first = new Writer(7).batches(2, 100);
        long sequence = first.sequence;
        file(4, Arrays.copyOf(first.batches(1, 100).bytes(), first.bytes().length - 5));
        file(10, new Writer(sequence).batch(0, new byte[0]).batches(3, 100).bytes());
        assertThat(check().damage()).isNull();
        assertThat(check().tails()).hasSize(1);
    }

    @Test
    void of_flipInAnOlderFile_isDamage() throws IOException {
        Writer first = new Writer(7).batches(3, 100);
        Path file = file(4, flipped(first.bytes(), first.start(2) + 50));
        Path next = file(10, new Writer(first.sequence).batches(3, 100).bytes());
        assertThat(check().damage()).isEqualTo(new Damage(file, first.start(2), next, 0));
    }
}
