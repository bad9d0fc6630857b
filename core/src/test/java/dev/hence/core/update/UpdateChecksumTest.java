package dev.hence.core.update;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Counter;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The canonical form is on disks and in feeds: these tests keep it unchanged. */
final class UpdateChecksumTest {

    private static final ReplicaId NODE1 = new ReplicaId("node1", 0x0123_4567_89ab_cdefL);
    private static final ReplicaId NODE2 = new ReplicaId("node2", -1);
    private static final VersionVector CONTEXT =
            VersionVector.EMPTY.with(NODE1, 2).with(NODE2, 5);
    private static final long TIMESTAMP = 0x0001_a2b3_c4d5_e6f7L;
    private static final List<Operation> OPERATIONS = List.of(set("photo", "beach"), delete("draft"));

    private static final Counter.Mark MARK = new Counter.Mark(NODE2, 5, new BigDecimal("1.50"));
    private static final List<Operation.SeenIncrements> SEEN = List.of(
            new Operation.SeenIncrements(DataType.STRING, Bytes.EMPTY, List.of(MARK)),
            new Operation.SeenIncrements(DataType.HASH, bytes("f"), List.of()));
    private static final List<Operation> EVERY_KIND = List.of(
            new Operation.SetString(bytes("s"), bytes("v"), 0x17, SEEN),
            new Operation.DeleteKey(bytes("d"), SEEN),
            new Operation.Assign(bytes("z"), DataType.SORTED_SET, bytes("m"), bytes("1"), List.of(MARK)),
            new Operation.Remove(bytes("t"), DataType.SET, bytes("m"), List.of()),
            new Operation.Increment(
                    bytes("h"), DataType.HASH, bytes("f"), 2, new BigDecimal("100"), new BigDecimal("-0.0")),
            new Operation.Expire(bytes("e"), Deadlines.NONE),
            new Operation.Assign(bytes("l"), DataType.LIST, bytes("p"), Bytes.EMPTY, List.of()),
            new Operation.Publish(bytes("c"), bytes("hi")));

    private static final Update UPDATE = Update.of(new Dot(NODE1, 3), CONTEXT, TIMESTAMP, OPERATIONS);

    /** The canonical form of {@link #UPDATE}, written by hand from the specification. */
    private static final String CANONICAL = """
            05 6e6f646531 0123456789abcdef 0000000000000003
            0001a2b3c4d5e6f7
            00000002
              05 6e6f646531 0123456789abcdef 0000000000000002
              05 6e6f646532 ffffffffffffffff 0000000000000005
            00000002
              01 00000005 70686f746f 00000005 6265616368 7fffffffffffffff 00000000
              02 00000005 6472616674 00000000
            """;

    /** The end of the canonical form of an update of {@link #EVERY_KIND}; one operation per line. */
    private static final String CANONICAL_EVERY_KIND = """
            01 00000001 73 00000001 76 0000000000000017
               00000002 01 00000000 00000001 05 6e6f646532 ffffffffffffffff 0000000000000005
                                             00000003 312e35
                        02 00000001 66 00000000
            02 00000001 64
               00000002 01 00000000 00000001 05 6e6f646532 ffffffffffffffff 0000000000000005
                                             00000003 312e35
                        02 00000001 66 00000000
            03 00000001 7a 04 00000001 6d 00000001 31
               00000001 05 6e6f646532 ffffffffffffffff 0000000000000005 00000003 312e35
            04 00000001 74 03 00000001 6d 00000000
            05 00000001 68 02 00000001 66 0000000000000002 00000004 31452b32 00000001 30
            06 00000001 65 7fffffffffffffff
            03 00000001 6c 05 00000001 70 00000000 00000000
            07 00000001 63 00000002 6869
            """;

    @Test
    void checksum_knownUpdate_isTheCrcOfTheCanonicalForm() {
        assertThat(UPDATE.checksum()).isEqualTo(crcOf(CANONICAL));
    }

    @Test
    void checksum_everyKindOfOperation_isTheCrcOfTheCanonicalForm() {
        String head = CANONICAL.substring(0, CANONICAL.indexOf("00000002\n  01"));

        assertThat(Update.of(UPDATE.dot(), CONTEXT, TIMESTAMP, EVERY_KIND).checksum())
                .isEqualTo(crcOf(head + "00000008" + CANONICAL_EVERY_KIND));
    }

    private static int crcOf(String hex) {
        CRC32C crc = new CRC32C();
        crc.update(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
        return (int) crc.getValue();
    }

    @Test
    void checksum_knownUpdate_neverChanges() {
        assertThat(UPDATE.checksum()).isEqualTo(0xededb0e7);
    }

    @Test
    void checksum_anyComponentChanged_isAnother() {
        ReplicaId otherName = new ReplicaId("node3", NODE1.incarnation());
        ReplicaId otherIncarnation = new ReplicaId("node1", 7);
        Dot dot = UPDATE.dot();

        List<Update> changed = List.of(
                Update.of(new Dot(otherName, 3), CONTEXT.with(otherName, 2), TIMESTAMP, OPERATIONS),
                Update.of(new Dot(otherIncarnation, 3), CONTEXT.with(otherIncarnation, 2), TIMESTAMP, OPERATIONS),
                Update.of(dot.next(), CONTEXT.with(dot), TIMESTAMP, OPERATIONS),
                Update.of(dot, CONTEXT.with(NODE2, 6), TIMESTAMP, OPERATIONS),
                Update.of(dot, CONTEXT.with(otherName, 1), TIMESTAMP, OPERATIONS),
                Update.of(dot, CONTEXT, TIMESTAMP + 1, OPERATIONS),
                Update.of(dot, CONTEXT, TIMESTAMP, List.of(set("photo", "beach"))),
                Update.of(dot, CONTEXT, TIMESTAMP, List.of(set("photo", "beacH"), delete("draft"))),
                Update.of(dot, CONTEXT, TIMESTAMP, List.of(set("photO", "beach"), delete("draft"))),
                Update.of(dot, CONTEXT, TIMESTAMP, List.of(set("photo", "beach"), delete("drafT"))),
                Update.of(dot, CONTEXT, TIMESTAMP, List.of(set("photo", "beach"), set("draft", ""))),
                Update.of(dot, CONTEXT, TIMESTAMP, List.of(set("photobeach", ""), delete("draft"))),
                Update.of(dot, CONTEXT, TIMESTAMP, List.of(delete("draft"), set("photo", "beach"))));

        assertThat(Stream.concat(Stream.of(UPDATE), changed.stream()).map(Update::checksum))
                .doesNotHaveDuplicates();
    }

    @Test
    void checksum_anyPartOfAnyOperationChanged_isAnother() {
        List<Counter.Mark> otherLast = List.of(new Counter.Mark(NODE2, 6, MARK.total()));
        List<Counter.Mark> otherTotal = List.of(new Counter.Mark(NODE2, 5, BigDecimal.ONE));
        List<Counter.Mark> otherReplica = List.of(new Counter.Mark(NODE1, 5, MARK.total()));
        BigDecimal one = BigDecimal.ONE;
        BigDecimal two = BigDecimal.TWO;
        Bytes k = bytes("k");
        Bytes v = bytes("5");
        List<Operation> operations = List.of(
                new Operation.SetString(k, v, 1, List.of()),
                new Operation.SetString(k, v, 2, List.of()),
                new Operation.SetString(k, v, 1, SEEN),
                new Operation.SetString(k, v, 1, List.of(new Operation.SeenIncrements(DataType.HASH, v, List.of()))),
                new Operation.SetString(k, v, 1, List.of(new Operation.SeenIncrements(DataType.SET, v, List.of()))),
                new Operation.DeleteKey(k, List.of()),
                new Operation.DeleteKey(k, SEEN),
                new Operation.Assign(k, DataType.HASH, k, v, List.of()),
                new Operation.Assign(k, DataType.LIST, k, v, List.of()),
                new Operation.Assign(k, DataType.HASH, v, v, List.of()),
                new Operation.Assign(k, DataType.HASH, k, k, List.of()),
                new Operation.Assign(k, DataType.HASH, k, v, List.of(MARK)),
                new Operation.Remove(k, DataType.HASH, k, List.of(MARK)),
                new Operation.Remove(k, DataType.HASH, k, otherLast),
                new Operation.Remove(k, DataType.HASH, k, otherTotal),
                new Operation.Remove(k, DataType.HASH, k, otherReplica),
                new Operation.Increment(k, DataType.HASH, k, 1, one, two),
                new Operation.Increment(k, DataType.HASH, k, 2, one, two),
                new Operation.Increment(k, DataType.HASH, k, 1, two, two),
                new Operation.Increment(k, DataType.HASH, k, 1, one, one),
                new Operation.Increment(k, DataType.SORTED_SET, k, 1, one, two),
                new Operation.Expire(k, 1),
                new Operation.Expire(k, 2),
                new Operation.Publish(k, v),
                new Operation.Publish(v, k));

        assertThat(operations.stream()
                        .map(operation -> Update.of(UPDATE.dot(), CONTEXT, TIMESTAMP, List.of(operation))
                                .checksum()))
                .doesNotHaveDuplicates();
    }

    @Test
    void checksum_oneObjectForLongAndShortUpdates_isThatOfAnObjectEach() {
        UpdateChecksum kept = new UpdateChecksum();
        for (int length : List.of(0, 5_000, 1, 900, 1_100, 100, 1_024, 0)) {
            List<Operation> operations = List.of(set("key", "v".repeat(length)), set("k".repeat(length + 1), "v"));
            Update update = Update.of(new Dot(NODE1, 3), CONTEXT, TIMESTAMP, operations);

            assertThat(kept.of(update.dot(), CONTEXT, TIMESTAMP, operations, 0, Bytes.EMPTY))
                    .as("%d bytes", length)
                    .isEqualTo(update.checksum());
        }
    }

    @Test
    void isIntact_updateAsItWasMade_isTrue() {
        assertThat(UPDATE.isIntact()).isTrue();
    }

    @Test
    void isIntact_valueDamagedOnItsWay_isFalse() {
        byte[] damaged = "beach".getBytes(StandardCharsets.UTF_8);
        for (int bit = 0; bit < damaged.length * 8; bit++) {
            byte[] value = Arrays.copyOf(damaged, damaged.length);
            value[bit / 8] ^= (byte) (1 << bit % 8);
            List<Operation> operations =
                    List.of(new Operation.SetString(Bytes.utf8("photo"), Bytes.wrap(value)), delete("draft"));

            assertThat(new Update(UPDATE.dot(), CONTEXT, TIMESTAMP, operations, 0, Bytes.EMPTY, UPDATE.checksum())
                            .isIntact())
                    .isFalse();
        }
    }

    @Test
    void isIntact_checksumDamagedOnItsWay_isFalse() {
        assertThat(new Update(UPDATE.dot(), CONTEXT, TIMESTAMP, OPERATIONS, 0, Bytes.EMPTY, UPDATE.checksum() + 1)
                        .isIntact())
                .isFalse();
    }

    @Test
    void isIntact_requestDamagedAddedOrLost_isFalse() {
        Update carrying = Update.of(UPDATE.dot(), CONTEXT, TIMESTAMP, OPERATIONS, 7, bytes("request"));
        assertThat(carrying.isIntact()).isTrue();
        for (String other : List.of("", "requesu", "request1", "reques")) {
            assertThat(new Update(UPDATE.dot(), CONTEXT, TIMESTAMP, OPERATIONS, 7, bytes(other), carrying.checksum())
                            .isIntact())
                    .as("\"%s\"", other)
                    .isFalse();
        }
        assertThat(new Update(UPDATE.dot(), CONTEXT, TIMESTAMP, OPERATIONS, 0, bytes("request"), UPDATE.checksum())
                        .isIntact())
                .isFalse();
    }

    private static Operation set(String key, String value) {
        return new Operation.SetString(bytes(key), bytes(value));
    }

    private static Operation delete(String key) {
        return new Operation.DeleteKey(bytes(key));
    }

    private static Bytes bytes(String text) {
        return Bytes.utf8(text);
    }
}
