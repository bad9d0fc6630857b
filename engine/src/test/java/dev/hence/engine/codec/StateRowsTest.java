package dev.hence.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.CollectionMeta;
import dev.hence.core.crdt.Counter;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.MvRegister;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Round trips of random heads and cells to rows and back. */
final class StateRowsTest {

    private static final ReplicaId NODE = new ReplicaId("node1", 1);
    private static final Dot DOT = new Dot(NODE, 300);
    private static final int SEEDS = 1_000;

    private final ReplicaNumbers numbers = new ReplicaNumbers();

    private byte[] row(KeyHead head) {
        return HeadCodec.encode(head, numbers, (number, replica) -> {});
    }

    private byte[] row(Cell cell) {
        return CellCodec.encode(cell, numbers, (number, replica) -> {});
    }

    private static KeyHead plainString(Bytes value) {
        return new KeyHead(
                new Cell(MvRegister.of(new MvRegister.Entry(DOT, 1L << 50, value)), Counter.NONE),
                new Deadlines(List.of(new Deadlines.Entry(DOT, Deadlines.NONE))),
                List.of());
    }

    private static Bytes bytes(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(200)];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private static @Nullable Bytes bytesOrNull(SplittableRandom random) {
        return random.nextBoolean() ? null : bytes(random);
    }

    private static Dot dot(SplittableRandom random, int replica) {
        return new Dot(new ReplicaId("node" + replica, replica), 1 + random.nextLong(Long.MAX_VALUE));
    }

    private static MvRegister register(SplittableRandom random) {
        List<MvRegister.Entry> entries = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            entries.add(new MvRegister.Entry(dot(random, i), random.nextLong(Long.MAX_VALUE), bytes(random)));
        }
        return entries.isEmpty() ? MvRegister.EMPTY : new MvRegister(entries);
    }

    private static Cell cell(SplittableRandom random) {
        List<Counter.Run> runs = new ArrayList<>();
        for (int i = random.nextBoolean() ? 0 : random.nextInt(3); i > 0; i--) {
            runs.add(new Counter.Run(
                    new ReplicaId("node" + i, i),
                    random.nextLong(Long.MAX_VALUE),
                    random.nextLong(Long.MAX_VALUE),
                    new BigDecimal(random.nextLong() + ".5"),
                    random.nextInt(100),
                    new BigDecimal("-100000000000000000000")));
        }
        MvRegister register = register(random);
        return register.isEmpty() && runs.isEmpty() ? Cell.EMPTY : new Cell(register, new Counter(runs));
    }

    private static KeyHead head(SplittableRandom random) {
        List<Deadlines.Entry> deadlines = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            deadlines.add(
                    new Deadlines.Entry(dot(random, i), random.nextBoolean() ? Deadlines.NONE : random.nextLong()));
        }
        List<CollectionMeta> collections = new ArrayList<>();
        for (DataType type : List.of(DataType.HASH, DataType.SET, DataType.SORTED_SET, DataType.LIST)) {
            if (random.nextInt(4) == 0) {
                collections.add(new CollectionMeta(
                        type,
                        register(random),
                        random.nextLong(Long.MAX_VALUE),
                        random.nextInt(3),
                        bytesOrNull(random),
                        bytesOrNull(random)));
            }
        }
        return new KeyHead(cell(random), new Deadlines(deadlines), collections);
    }

    @Test
    void head_ofAnyKind_comesBackAsItWas() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            KeyHead head = head(new SplittableRandom(seed));
            assertThat(HeadCodec.decode(row(head), numbers)).as("seed %d", seed).isEqualTo(head);
        }
    }

    @Test
    void cell_ofAnyKind_comesBackAsItWas() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Cell cell = cell(new SplittableRandom(seed));
            assertThat(CellCodec.decode(row(cell), numbers)).as("seed %d", seed).isEqualTo(cell);
        }
    }

    @Test
    void head_ofAPlainString_costsADozenBytesBesideItsValue() {
        KeyHead head = plainString(Bytes.utf8("v".repeat(100)));
        byte[] row = row(head);
        assertThat(row).hasSize(100 + 12);
        assertThat(HeadCodec.decode(row, numbers)).isEqualTo(head);
    }

    @Test
    void head_plainStringOfAnyOfManyReplicas_comesBack() {
        SplittableRandom random = new SplittableRandom(1);
        for (int replica = 0; replica < 300; replica++) {
            Dot dot = new Dot(new ReplicaId("node" + replica, replica), 1L << random.nextInt(63));
            KeyHead head = KeyHead.plain(new MvRegister.Entry(dot, 1 + random.nextLong(1L << 60), bytes(random)));
            assertThat(HeadCodec.decode(row(head), numbers)).isEqualTo(head);
            assertThat(CellCodec.decode(row(head.string()), numbers)).isEqualTo(head.string());
        }
    }

    @Test
    void head_ofAStringThatIsNotQuitePlain_keepsTheDifference() {
        Cell string = plainString(Bytes.utf8("v")).string();
        Deadlines.Entry later = new Deadlines.Entry(DOT.next(), Deadlines.NONE);
        Deadlines.Entry finite = new Deadlines.Entry(DOT, 5);
        for (Deadlines deadlines :
                List.of(Deadlines.EMPTY, new Deadlines(List.of(later)), new Deadlines(List.of(finite)))) {
            KeyHead head = new KeyHead(string, deadlines, List.of());
            assertThat(HeadCodec.decode(row(head), numbers)).isEqualTo(head);
        }
    }

    @Test
    void cell_ofAnIndexRow_isEmptyAndSoIsItsRow() {
        assertThat(row(Cell.EMPTY)).isEmpty();
        assertThat(CellCodec.decode(new byte[0], numbers)).isEqualTo(Cell.EMPTY);
    }

    @Test
    void row_cutOrLengthened_isRefused() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] row = row(head(random));
            byte[] longer = Arrays.copyOf(row, row.length + 1);
            assertThatThrownBy(() -> HeadCodec.decode(longer, numbers)).isInstanceOf(MalformedRecordException.class);
            byte[] cut = Arrays.copyOf(row, random.nextInt(row.length));
            assertThatThrownBy(() -> HeadCodec.decode(cut, numbers)).isInstanceOf(MalformedRecordException.class);
        }
    }

    @Test
    void row_damagedAnywhere_isReadOrRefusedAndNothingElse() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] row = row(head(random));
            row[random.nextInt(row.length)] = (byte) random.nextInt();
            try {
                assertThat(HeadCodec.decode(row, numbers)).isNotNull();
            } catch (MalformedRecordException refused) {
                assertThat(refused).hasMessageContaining("expected:");
            }
        }
    }

    @Test
    void row_ofALaterVersion_isRefusedByItsForm() {
        assertThatThrownBy(() -> HeadCodec.decode(new byte[] {9}, numbers))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("form 9");
        assertThatThrownBy(() -> CellCodec.decode(new byte[] {9}, numbers))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("form 9");
    }

    @Test
    void decimal_thatWouldFillTheMemory_isRefused() {
        assertThatThrownBy(() -> DecimalCodec.decode(Bytes.utf8("1E+999999999")))
                .isInstanceOf(MalformedRecordException.class);
        assertThatThrownBy(() -> DecimalCodec.decode(Bytes.utf8("1".repeat(20_000))))
                .isInstanceOf(MalformedRecordException.class);
        assertThat(DecimalCodec.decode(Bytes.utf8("-1.5E-400"))).isEqualTo(new BigDecimal("-1.5E-400"));
    }
}
