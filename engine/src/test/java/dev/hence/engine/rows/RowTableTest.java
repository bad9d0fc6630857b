package dev.hence.engine.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RowTableTest {

    private static final long SMALL = 4L * RowPage.BYTES;
    private static final String NONE = "(none)";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The row that the table holds, {@code NONE} if it knows that there is none; null if it does not know the row. */
    private static @Nullable String read(RowTable table, int family, String name) {
        return table.read(
                family,
                bytes(name),
                (bytes, from, to) -> to < from ? NONE : new String(bytes, from, to - from, StandardCharsets.UTF_8));
    }

    /** Rows as a database has them. */
    private static final class Model {
        final Map<String, String> rows = new HashMap<>();
        final RowTable table;
        int known;
        int unknown;

        Model(long bytesMax) {
            table = new RowTable(bytesMax, 1, 2);
        }

        void put(int family, String name, String value) {
            rows.put(family + name, value);
            table.put(family, bytes(name), bytes(value));
        }

        void remove(int family, String name) {
            rows.remove(family + name);
            table.remove(family, bytes(name));
        }

        /** Reads as a storage does: from the table, and from the database what the table does not know. */
        void check(int family, String name) {
            String row = rows.getOrDefault(family + name, NONE);
            String held = read(table, family, name);
            if (held == null) {
                unknown++;
                int stamp = table.stamp(family, bytes(name));
                table.fill(family, bytes(name), row.equals(NONE) ? null : bytes(row), stamp);
            } else {
                known++;
                assertThat(held).as(name).isEqualTo(row);
            }
        }
    }

    @Test
    void rows_afterRandomChanges_areTheLatestHoweverLittleMemoryThereIs() {
        for (long seed = 1; seed <= 6; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Model model = new Model(seed % 2 == 0 ? SMALL : 64 * SMALL);
            int names = seed % 3 == 0 ? 200 : 20_000;
            for (int step = 0; step < 60_000; step++) {
                // Some names are used much more than others.
                String name = "n" + (random.nextBoolean() ? random.nextInt(names) : random.nextInt(names / 20));
                int family = random.nextInt(2);
                switch (random.nextInt(20)) {
                    case 0 -> model.remove(family, name);
                    case 1 -> model.put(family, name, "x".repeat(random.nextInt(40_000)));
                    case 2, 3, 4, 5, 6, 7 -> model.put(family, name, "v" + step + "y".repeat(random.nextInt(100)));
                    default -> model.check(family, name);
                }
                if (step % 20_000 == 10_000) {
                    model.table.clear();
                }
            }
            assertThat(model.known).as("seed %d", seed).isPositive();
            assertThat(model.unknown).as("seed %d", seed).isPositive();
        }
    }

    @Test
    void memory_whateverIsWritten_staysWithinTheBudget() {
        RowTable table = new RowTable(SMALL, 1, 2);
        for (int i = 0; i < 100_000; i++) {
            table.put(0, bytes("name" + i), new byte[200]);
            if (i % 1_000 == 0) {
                // The index has at most 40 bytes for each row that is held.
                assertThat(table.bytes() - 40 * table.rows() - 256 * 128).isLessThanOrEqualTo(SMALL + RowPage.BYTES);
            }
        }
        assertThat(table.rows()).isBetween(3_000L, 5_000L);
    }

    @Test
    void rows_thatAreRead_outliveThoseThatAreNot() {
        RowTable table = new RowTable(SMALL, 1, 2);
        table.put(0, bytes("hot"), bytes("row"));
        // Rows side by side share a mark of use.
        table.put(0, bytes("between"), new byte[200]);
        table.put(0, bytes("cold"), new byte[200]);
        for (int i = 0; i < 100_000; i++) {
            table.put(0, bytes("name" + i), new byte[100]);
            assertThat(read(table, 0, "hot")).isEqualTo("row");
        }
        assertThat(read(table, 0, "cold")).isNull();
    }

    @Test
    void fill_withARowReadBeforeItChanged_isIgnored() {
        RowTable table = new RowTable(SMALL, 1, 2);
        int stamp = table.stamp(0, bytes("name"));
        table.put(0, bytes("name"), bytes("new"));
        table.fill(0, bytes("name"), bytes("old"), stamp);
        assertThat(read(table, 0, "name")).isEqualTo("new");
        int before = table.stamp(0, bytes("name"));
        table.clear();
        table.fill(0, bytes("name"), bytes("new"), before);
        assertThat(read(table, 0, "name")).isNull();
    }

    @Test
    void row_tooLargeForAPage_isForgottenAndNeverStale() {
        RowTable table = new RowTable(SMALL, 1, 2);
        table.put(0, bytes("name"), bytes("small"));
        table.put(0, bytes("name"), new byte[RowPage.RECORD_BYTES_MAX]);
        assertThat(read(table, 0, "name")).isNull();
    }

    /**
     * Writers of other threads never see a torn row, one of another name, or one older than what they saw before. Each row
     * is its number, many times.
     */
    @Test
    void readers_whileRowsChangeAndGo_seeWholeRowsThatOnlyGetNewer() throws Exception {
        int names = 3_000;
        RowTable table = new RowTable(SMALL, 1, 2);
        AtomicLongArray written = new AtomicLongArray(names);
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            Future<?>[] readers = new Future<?>[3];
            for (int reader = 0; reader < readers.length; reader++) {
                int seed = reader;
                readers[reader] = threads.submit(() -> {
                    SplittableRandom random = new SplittableRandom(seed);
                    while (written.get(0) < Long.MAX_VALUE) {
                        int name = 1 + random.nextInt(names - 1);
                        long before = written.get(name);
                        Long seen = table.read(0, bytes("name" + name), RowTableTest::number);
                        assertThat(seen == null || seen >= before)
                                .as("%s after %s", seen, before)
                                .isTrue();
                    }
                    return "done";
                });
            }
            SplittableRandom random = new SplittableRandom(9);
            for (long number = 1; number <= 300_000; number++) {
                int name = 1 + random.nextInt(names - 1);
                table.put(0, bytes("name" + name), row(number, 2 + random.nextInt(40)));
                written.set(name, number);
            }
            written.set(0, Long.MAX_VALUE);
            for (Future<?> reader : readers) {
                assertThat(reader.get()).isEqualTo("done");
            }
        }
    }

    private static byte[] row(long number, int times) {
        ByteBuffer row = ByteBuffer.allocate(times * Long.BYTES);
        while (row.hasRemaining()) {
            row.putLong(number);
        }
        return row.array();
    }

    private static Long number(byte[] bytes, int from, int to) {
        ByteBuffer row = ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, to));
        long number = row.getLong();
        while (row.hasRemaining()) {
            assertThat(row.getLong()).isEqualTo(number);
        }
        return number;
    }
}
