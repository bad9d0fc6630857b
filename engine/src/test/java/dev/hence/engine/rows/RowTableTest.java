package dev.hence.engine.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
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
        return table.read(table.hash(family, bytes(name)), family, bytes(name), RowTableTest::text);
    }

    private static String text(byte[] bytes, int from, int to) {
        return to < from ? NONE : new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private static RowTable table(long bytesMax) {
        return new RowTable(bytesMax, 1, 2, false, () -> {});
    }

    private static int stamp(RowTable table, String name) {
        return table.stamp(table.hash(0, bytes(name)));
    }

    private static void fill(RowTable table, String name, String row, int stamp) {
        table.fill(table.hash(0, bytes(name)), 0, bytes(name), bytes(row), stamp);
    }

    /** Writes the dirty rows to a database, as their owner does. */
    private static void writeBack(RowTable table, Map<String, String> database) {
        write(table.takeDirty(), database);
        table.written();
    }

    private static void write(DirtyRows dirty, Map<String, String> database) {
        dirty.forEach((family, bytes, nameFrom, nameBytes, valueFrom, valueBytes) -> {
            String name = family + text(bytes, nameFrom, nameFrom + nameBytes);
            if (valueBytes < 0) {
                database.remove(name);
            } else {
                database.put(name, text(bytes, valueFrom, valueFrom + valueBytes));
            }
        });
    }

    /** The rows as they are to be, and a database that follows the table. */
    private static final class Model {
        final Map<String, String> rows = new HashMap<>();
        final Map<String, String> database = new HashMap<>();
        final Map<String, String> atTaking = new HashMap<>();
        final RowTable table;

        @Nullable
        DirtyRows taken;

        boolean full;
        int known;
        int unknown;

        Model(long bytesMax, boolean complete) {
            // The lower bits of the numbers of pages come round after a few.
            table = new RowTable(bytesMax, 1, 2, complete, () -> full = true, (3L << 29) - 2);
        }

        void put(int family, String name, String value) {
            if (RowTable.holds(bytes(name).length, bytes(value).length)) {
                table.put(family, bytes(name), bytes(value));
            } else {
                settle();
                database.put(family + name, value);
                table.forget(family, bytes(name));
            }
            rows.put(family + name, value);
        }

        void remove(int family, String name) {
            rows.remove(family + name);
            table.put(family, bytes(name), null);
        }

        /** Takes dirty rows, or writes those that were taken: rows change in between. */
        void write() {
            DirtyRows now = taken;
            if (now == null) {
                taken = table.takeDirty();
                atTaking.clear();
                atTaking.putAll(rows);
            } else {
                RowTableTest.write(now, database);
                assertThat(database.equals(atTaking)).isTrue();
                table.written();
                taken = null;
            }
            full = false;
        }

        /** Writes everything. */
        void settle() {
            if (taken != null) {
                write();
            }
            write();
            write();
        }

        /** Reads as a storage does: from the table, and from the database what the table does not know. */
        void check(int family, String name) {
            String row = rows.getOrDefault(family + name, NONE);
            long hashed = table.hash(family, bytes(name));
            // Nothing comes of it, whether the table knows these or not.
            table.fetch(hashed, ~hashed, 0);
            int stamp = table.stamp(hashed);
            String held = read(table, family, name);
            if (held != null) {
                known++;
                assertThat(held).as(name).isEqualTo(row);
            } else if (table.isComplete()) {
                assertThat(row).as(name).isEqualTo(NONE);
            } else {
                unknown++;
                String stored = database.getOrDefault(family + name, NONE);
                assertThat(stored).as(name).isEqualTo(row);
                table.fill(hashed, family, bytes(name), stored.equals(NONE) ? null : bytes(stored), stamp);
            }
        }
    }

    @Test
    void rows_afterRandomChanges_areTheLatestHoweverLittleMemoryThereIs() {
        for (long seed = 1; seed <= 12; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Model model = new Model(seed % 2 == 0 ? SMALL : 64 * SMALL, true);
            int names = seed % 3 == 0 ? 200 : 20_000;
            for (int step = 0; step < 60_000; step++) {
                // Some names are used much more than others.
                String name = "n" + (random.nextBoolean() ? random.nextInt(names) : random.nextInt(names / 20));
                int family = random.nextInt(3);
                switch (random.nextInt(20)) {
                    case 0 -> model.remove(family, name);
                    case 1 -> model.put(family, name, "x".repeat(random.nextInt(seed % 4 == 0 ? 40_000 : 400)));
                    case 2, 3, 4, 5, 6, 7 -> model.put(family, name, "v" + step + "y".repeat(random.nextInt(100)));
                    default -> model.check(family, name);
                }
                if (model.full || random.nextInt(1_000) == 0) {
                    model.write();
                }
                if (step % 20_000 == 10_000 && seed % 4 == 0) {
                    model.settle();
                    model.table.clear();
                }
            }
            assertThat(model.known).as("seed %d", seed).isPositive();
            if (seed % 2 == 1) {
                assertThat(model.unknown).as("complete with seed %d", seed).isZero();
            } else if (names > 200) {
                assertThat(model.unknown).as("seed %d", seed).isPositive();
            }
        }
    }

    @Test
    void memory_whateverIsWritten_staysWithinTheBudget() {
        RowTable table = table(SMALL);
        for (int i = 0; i < 100_000; i++) {
            table.stored(0, bytes("name" + i), new byte[200]);
            if (i % 1_000 == 0) {
                // The index has at most 40 bytes for each row that is held.
                assertThat(table.bytes() - 40 * table.rows() - 256 * 128).isLessThanOrEqualTo(SMALL + RowPage.BYTES);
            }
        }
        assertThat(table.rows()).isBetween(3_000L, 5_000L);
    }

    @Test
    void memory_thatIsReserved_isTakenFromThatOfPages() {
        RowTable table = table(16 * SMALL);
        for (int i = 0; i < 100_000; i++) {
            table.stored(0, bytes("name" + i), new byte[200]);
        }
        long full = table.bytes();
        long reserved = 0;
        for (int step = 0; step < 60; step++) {
            reserved += RowPage.BYTES;
            table.reserve(reserved);
        }
        // A third more than the pages was for the index, which takes less.
        assertThat(table.bytes()).isLessThan(full - reserved / 2);

        table.reserve(100 * SMALL);
        table.stored(0, bytes("other"), new byte[200]);
        assertThat(read(table, 0, "other")).isNotNull();
        table.reserve(0);
        for (int i = 0; i < 100_000; i++) {
            table.stored(0, bytes("name" + i), new byte[200]);
        }
        assertThat(table.bytes()).isGreaterThan(full * 9 / 10);
    }

    @Test
    void dirtyRows_beyondTheBudget_stayUntilTheyAreWritten() {
        int[] full = {0};
        RowTable table = new RowTable(SMALL, 1, 2, false, () -> full[0]++);
        for (int i = 0; i < 20_000; i++) {
            table.put(0, bytes("name" + i), new byte[200]);
        }
        assertThat(table.rows()).isEqualTo(20_000);
        assertThat(full[0]).isPositive();
        int stamp = stamp(table, "other");
        fill(table, "other", "row", stamp);
        assertThat(read(table, 0, "other"))
                .as("a full table takes nothing that it can do without")
                .isNull();

        Map<String, String> database = new HashMap<>();
        writeBack(table, database);
        for (int i = 0; i < 20_000; i++) {
            table.stored(0, bytes("name" + i), new byte[200]);
        }
        assertThat(database).hasSize(20_000);
        assertThat(table.rows()).isBetween(3_000L, 5_000L);
    }

    @Test
    void dirtyRows_ofRowsThatChangedOften_areTheNewestInTheirOrder() {
        RowTable table = table(SMALL);
        for (int i = 0; i < 3_000; i++) {
            table.put(i % 3, bytes("name" + (i * 7) % 40), bytes("row" + i));
        }
        table.put(1, bytes("name5"), null);
        DirtyRows dirty = table.takeDirty();
        table.put(0, bytes("name0"), bytes("later"));
        List<String> seen = new ArrayList<>();
        dirty.forEach((family, bytes, nameFrom, nameBytes, valueFrom, valueBytes) -> seen.add(family
                + text(bytes, nameFrom, nameFrom + nameBytes)
                + " "
                + text(bytes, valueFrom, valueFrom + valueBytes)));
        assertThat(seen).hasSize(120).isSorted().contains("1name5 " + NONE).doesNotContain("0name0 later");
    }

    @Test
    void rows_thatAreRead_outliveThoseThatAreNot() {
        RowTable table = table(SMALL);
        table.stored(0, bytes("hot"), bytes("row"));
        // Rows side by side share a mark of use.
        table.stored(0, bytes("between"), new byte[200]);
        table.stored(0, bytes("cold"), new byte[200]);
        for (int i = 0; i < 100_000; i++) {
            table.stored(0, bytes("name" + i), new byte[100]);
            assertThat(read(table, 0, "hot")).isEqualTo("row");
        }
        assertThat(read(table, 0, "cold")).isNull();
    }

    /** New pages would be garbage in the old generation, which is collected while the node stands still. */
    @Test
    void rows_beyondTheBudget_usePagesAgain() {
        RowTable table = table(SMALL);
        byte[][] names = new byte[5_000][];
        for (int i = 0; i < names.length; i++) {
            names[i] = bytes("name" + i);
        }
        byte[] row = new byte[1_000];
        long before = 0;
        for (int round = 0; round < 20; round++) {
            if (round == 10) {
                before = allocatedBytes();
            }
            for (byte[] name : names) {
                table.stored(0, name, row);
            }
        }
        // 50 MB were appended.
        assertThat(allocatedBytes() - before).isLessThan(20L << 20);
    }

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void rows_thatFit_stayHoweverOftenTheyChange() {
        RowTable table = new RowTable(SMALL, 1, 2, true, () -> {});
        int names = (int) (SMALL * 6 / 10 / RowPage.recordBytes(10, 100));
        for (int i = 0; i < names; i++) {
            table.stored(0, bytes("name" + i), new byte[100]);
        }
        // Some never change: whole pages of them are moved.
        for (int i = 0; i < 50 * names; i++) {
            table.stored(0, bytes("name" + i % (names / 3)), new byte[100]);
        }
        assertThat(table.isComplete()).isTrue();
        for (int i = 0; i < names; i++) {
            assertThat(read(table, 0, "name" + i)).isNotNull();
        }
        assertThat(table.bytes()).isLessThan(2 * SMALL);
    }

    @Test
    void fill_withARowReadBeforeItChanged_isIgnored() {
        RowTable table = table(SMALL);
        int stamp = stamp(table, "name");
        table.put(0, bytes("name"), bytes("new"));
        fill(table, "name", "old", stamp);
        assertThat(read(table, 0, "name")).isEqualTo("new");
        writeBack(table, new HashMap<>());
        int before = stamp(table, "name");
        table.clear();
        fill(table, "name", "new", before);
        assertThat(read(table, 0, "name")).isNull();
    }

    /** The reader searches while the row is being added: it is called back in the middle of a change. */
    @Test
    void fill_withARowSearchedWhileItChanged_isIgnored() {
        byte[] name = bytes("name");
        List<Integer> stamps = new ArrayList<>();
        Runnable[] reader = {() -> {}};
        RowTable table = new RowTable(SMALL, 1, 2, false, () -> reader[0].run());
        // Whole pages of dirty rows, more than the budget: the next row begins a page, which calls back.
        for (int i = 0; i < 40; i++) {
            table.put(0, bytes("other" + i), new byte[30_000]);
        }
        reader[0] = () -> {
            stamps.add(stamp(table, "name"));
            assertThat(read(table, 0, "name")).isNull();
        };
        table.put(0, name, bytes("x".repeat(30_000)));
        assertThat(stamps).hasSize(1);
        String newest = read(table, 0, "name");
        writeBack(table, new HashMap<>());
        for (int stamp : stamps) {
            fill(table, "name", "old", stamp);
        }
        assertThat(read(table, 0, "name")).isEqualTo(newest).isNotEqualTo("old");
    }

    @Test
    void row_tooLargeForAPage_isForgottenAndNeverStale() {
        RowTable table = table(SMALL);
        table.stored(0, bytes("name"), bytes("small"));
        assertThat(RowTable.holds(4, RowPage.RECORD_BYTES_MAX)).isFalse();
        table.forget(0, bytes("name"));
        assertThat(read(table, 0, "name")).isNull();
    }

    /**
     * Readers never see a torn row, one of another name, or one older than what they saw before: neither in the table nor,
     * where the table does not know the row, in the database that follows it. Each row is its number, many times.
     */
    @Test
    void readers_whileRowsChangeAndGo_seeWholeRowsThatOnlyGetNewer() throws Exception {
        int names = 12_000;
        RowTable table = table(SMALL);
        Map<String, Long> database = new ConcurrentHashMap<>();
        AtomicLongArray written = new AtomicLongArray(names);
        AtomicLong next = new AtomicLong(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            Future<?>[] readers = new Future<?>[3];
            for (int reader = 0; reader < readers.length; reader++) {
                int seed = reader;
                readers[reader] = threads.submit(() -> {
                    SplittableRandom random = new SplittableRandom(seed);
                    while (written.get(0) < Long.MAX_VALUE) {
                        // Often the one that is being written: races are about the same row.
                        int name = random.nextInt(4) > 0 ? (int) next.get() : 1 + random.nextInt(names - 1);
                        for (int again = 0; again < 4; again++) {
                            long before = written.get(name);
                            long seen = readThrough(table, database, "name" + name);
                            assertThat(seen).isGreaterThanOrEqualTo(before);
                        }
                    }
                    return "done";
                });
            }
            SplittableRandom random = new SplittableRandom(9);
            for (long number = 1; number <= 300_000; number++) {
                int name = 1 + random.nextInt(names - 1);
                next.set(name);
                table.put(0, bytes("name" + name), row(number, 2 + random.nextInt(40)));
                written.set(name, number);
                if (number % 500 == 0) {
                    table.takeDirty()
                            .forEach((family, bytes, nameFrom, nameBytes, valueFrom, valueBytes) -> database.put(
                                    text(bytes, nameFrom, nameFrom + nameBytes),
                                    number(bytes, valueFrom, valueFrom + valueBytes)));
                    table.written();
                }
            }
            written.set(0, Long.MAX_VALUE);
            for (Future<?> reader : readers) {
                assertThat(reader.get()).isEqualTo("done");
            }
        }
    }

    /** The index of the shortest rows is as large as their pages. */
    @Test
    void memory_ofTheShortestRows_includesTheIndex() {
        long budget = 8L << 20;
        RowTable table = table(budget);
        long most = 0;
        for (int i = 0; i < 1_500_000; i++) {
            table.stored(0, bytes("n" + i), null);
            most = i % 10_000 == 0 ? Math.max(most, table.bytes()) : most;
        }
        // While the index doubles, pages go after it has grown; and a few are free, to be used again.
        assertThat(most).isLessThan(2 * budget);
        assertThat(table.bytes()).isLessThan(budget / 3 * 4 + 12L * RowPage.BYTES);
        assertThat(read(table, 0, "n1499999")).isEqualTo(NONE);
    }

    /** The place in the index where the search for a name begins: its part, and the lower bits of its tag. */
    private static int begin(RowTable table, String name) {
        long hashed = table.hash(0, bytes(name));
        int part = (int) (hashed >>> 12) & 0xFF;
        int tag = (int) (hashed >>> 44) & 0xF;
        return (tag << 8) + part;
    }

    /** Who knows the key of the hash can choose names that are all searched at one place; the key is not known. */
    @Test
    void names_thatCollideUnderOneKey_areAllFoundAndDoNotCollideUnderAnother() {
        RowTable attacked = new RowTable(SMALL, 1, 2, false, () -> {});
        RowTable other = new RowTable(SMALL, 3, 4, false, () -> {});
        List<String> names = new ArrayList<>();
        for (int i = 0; names.size() < 200; i++) {
            if (begin(attacked, "n" + i) == 0x234) {
                names.add("n" + i);
            }
        }
        for (String name : names) {
            attacked.put(0, bytes(name), bytes("row of " + name));
        }
        Map<Integer, Integer> places = new HashMap<>();
        for (String name : names) {
            assertThat(read(attacked, 0, name)).isEqualTo("row of " + name);
            places.merge(begin(other, name), 1, Integer::sum);
        }
        assertThat(read(attacked, 0, "no such name")).isNull();
        assertThat(places.values()).allMatch(count -> count <= 3);
    }

    /** The page of a row is used again while a reader reads it: the reader is called in the middle of that. */
    @Test
    void read_ofAPageThatIsUsedAgain_isRepeated() {
        RowTable table = table(SMALL);
        table.stored(0, bytes("name"), bytes("x".repeat(1_000)));
        List<String> seen = new ArrayList<>();
        String read = table.read(table.hash(0, bytes("name")), 0, bytes("name"), (bytes, from, to) -> {
            if (seen.isEmpty()) {
                for (int i = 0; i < 10_000; i++) {
                    table.stored(0, bytes("other" + i), bytes("y".repeat(1_000)));
                }
                table.stored(0, bytes("name"), bytes("z".repeat(1_000)));
            }
            seen.add(text(bytes, from, to));
            return seen.getLast();
        });
        assertThat(seen).hasSize(2);
        assertThat(seen.getFirst()).as("what the reader saw first").isNotEqualTo("x".repeat(1_000));
        assertThat(read).isEqualTo("z".repeat(1_000));
    }

    /** A reader that fails on bytes of another row, which it was shown while the page was used again. */
    @Test
    void read_thatFailsOnAPageThatIsUsedAgain_isRepeated() {
        RowTable table = table(SMALL);
        table.stored(0, bytes("name"), bytes("x".repeat(1_000)));
        boolean[] failed = {false};
        String read = table.read(table.hash(0, bytes("name")), 0, bytes("name"), (bytes, from, to) -> {
            if (!failed[0]) {
                failed[0] = true;
                for (int i = 0; i < 10_000; i++) {
                    table.stored(0, bytes("other" + i), bytes("y".repeat(1_000)));
                }
                throw new IllegalStateException("bytes of another row");
            }
            return text(bytes, from, to);
        });
        assertThat(read).isNull();
        assertThatThrownBy(() -> table.read(table.hash(0, bytes("other9999")), 0, bytes("other9999"), (b, f, t) -> {
                    throw new IllegalStateException("a damaged row");
                }))
                .hasMessage("a damaged row");
    }

    /** Rows move all the time, because their pages are used again; they are found nevertheless, and whole. */
    @Test
    void readers_whilePagesAreUsedAgain_findEveryRow() throws Exception {
        RowTable table = new RowTable(SMALL, 1, 2, true, () -> {});
        int names = (int) (SMALL / 2 / 1_100);
        byte[][] all = new byte[names][];
        for (int i = 0; i < names; i++) {
            all[i] = bytes("name" + i);
            table.stored(0, all[i], row(1, 125));
        }
        AtomicLong number = new AtomicLong(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<Long>> readers = new ArrayList<>();
            for (int reader = 0; reader < 3; reader++) {
                int seed = reader;
                readers.add(threads.submit(() -> {
                    SplittableRandom random = new SplittableRandom(seed);
                    long reads = 0;
                    while (number.get() < Long.MAX_VALUE) {
                        byte[] name = all[random.nextInt(names)];
                        Long seen = table.read(table.hash(0, name), 0, name, RowTableTest::number);
                        assertThat(seen).isNotNull().isPositive();
                        reads++;
                    }
                    return reads;
                }));
            }
            SplittableRandom random = new SplittableRandom(9);
            for (int i = 0; i < 600_000; i++) {
                // Rows of several sizes, so that records do not begin where earlier ones began.
                table.stored(0, all[random.nextInt(names)], row(number.incrementAndGet(), 100 + random.nextInt(26)));
            }
            number.set(Long.MAX_VALUE);
            for (Future<Long> reader : readers) {
                assertThat(reader.get()).isPositive();
            }
        }
        assertThat(table.isComplete()).isTrue();
    }

    /** Reads a row as a storage does; 0 if there is none. */
    private static long readThrough(RowTable table, Map<String, Long> database, String name) {
        long hashed = table.hash(0, bytes(name));
        int stamp = table.stamp(hashed);
        Long held = table.read(
                hashed, 0, bytes(name), (bytes, from, to) -> to < from ? Long.valueOf(0) : number(bytes, from, to));
        if (held != null) {
            return held;
        }
        long stored = database.getOrDefault(name, 0L);
        table.fill(hashed, 0, bytes(name), stored == 0 ? null : row(stored, 3), stamp);
        return stored;
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
