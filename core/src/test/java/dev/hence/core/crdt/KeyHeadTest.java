package dev.hence.core.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KeyHeadTest {

    private static final ReplicaId A = new ReplicaId("a", 0xa);
    private static final KeyHead STRING_AT_10 =
            KeyHead.EMPTY.with(Cell.EMPTY.assign(entry(10), VersionVector.EMPTY, List.of()));

    @Test
    void type_nothing_isNone() {
        assertThat(KeyHead.EMPTY.isEmpty()).isTrue();
        assertThat(KeyHead.EMPTY.type()).isNull();
        assertThat(expiring(5).type()).isNull();
        assertThat(expiring(5).isEmpty()).isFalse();
    }

    @Test
    void type_collectionWithoutElements_doesNotShow() {
        assertThat(KeyHead.EMPTY.with(collection(DataType.SET, 20, 0)).type()).isNull();
        assertThat(STRING_AT_10.with(collection(DataType.SET, 20, 0)).type()).isEqualTo(DataType.STRING);
    }

    @Test
    void type_several_isThatOfTheNewestWrite() {
        assertThat(STRING_AT_10.with(collection(DataType.SET, 20, 1)).type()).isEqualTo(DataType.SET);
        assertThat(STRING_AT_10.with(collection(DataType.SET, 9, 1)).type()).isEqualTo(DataType.STRING);
        assertThat(KeyHead.EMPTY
                        .with(collection(DataType.LIST, 20, 1))
                        .with(collection(DataType.HASH, 30, 1))
                        .with(collection(DataType.SET, 25, 1))
                        .type())
                .isEqualTo(DataType.HASH);
    }

    @Test
    void with_collections_standInTheOrderOfTypesAndOnceEach() {
        KeyHead head = KeyHead.EMPTY
                .with(collection(DataType.LIST, 1, 1))
                .with(collection(DataType.HASH, 2, 1))
                .with(collection(DataType.SORTED_SET, 3, 1))
                .with(collection(DataType.HASH, 4, 7));

        assertThat(head.collections())
                .extracting(CollectionMeta::type)
                .containsExactly(DataType.HASH, DataType.SORTED_SET, DataType.LIST);
        assertThat(head.collection(DataType.HASH).count()).isEqualTo(7);
        assertThat(head.collection(DataType.SET)).isEqualTo(CollectionMeta.none(DataType.SET));
        assertThat(head.with(CollectionMeta.none(DataType.SORTED_SET)).collections())
                .extracting(CollectionMeta::type)
                .containsExactly(DataType.HASH, DataType.LIST);
    }

    @Test
    void at_deadline_isThereBeforeAndGoneFromThenOn() {
        assertThat(expiring(5).visibleAt(4)).isEqualTo(expiring(5));
        assertThat(expiring(5).visibleAt(5)).isEqualTo(KeyHead.EMPTY);
        assertThat(STRING_AT_10.visibleAt(Long.MAX_VALUE)).isEqualTo(STRING_AT_10);
    }

    @Test
    void at_deadlineOfNever_isThereHoweverFarTheWallClockJumps() {
        assertThat(expiring(Deadlines.NONE).visibleAt(Long.MAX_VALUE)).isEqualTo(expiring(Deadlines.NONE));
        assertThat(expiring(Deadlines.MILLIS_MAX).isExpired(Long.MAX_VALUE)).isTrue();
    }

    @Test
    void plain_resultOfOneSet_isTheSameAsItsParts() {
        MvRegister.Entry entry = entry(10);
        Cell string = new Cell(MvRegister.of(entry), Counter.NONE);
        Deadlines never = deadline(entry.dot(), Deadlines.NONE);
        KeyHead head = KeyHead.plain(entry);

        assertThat(head).isEqualTo(new KeyHead(string, never, List.of())).hasSameHashCodeAs(head.with(string));
        assertThat(head.string()).isEqualTo(string);
        assertThat(head.deadlines()).isEqualTo(never);
        assertThat(head.collections()).isEmpty();
        assertThat(head.value()).isEqualTo(string.value());
        assertThat(head.type()).isEqualTo(DataType.STRING);
        assertThat(head.deadlineMillis()).isEqualTo(Deadlines.NONE);
        assertThat(head.isEmpty()).isFalse();
        assertThat(head.hasIncrements()).isFalse();
        assertThat(head.isReplacedAt(VersionVector.EMPTY)).isFalse();
        assertThat(head.isReplacedAt(VersionVector.EMPTY.with(entry.dot()))).isTrue();
    }

    @Test
    void plain_anythingElse_isNull() {
        MvRegister.Entry entry = entry(10);
        Dot other = new Dot(new ReplicaId("b", 0xb), 1);
        KeyHead head = KeyHead.plain(entry);
        Counter counter = Counter.NONE.increment(other, 11, 0, BigDecimal.ONE, BigDecimal.ONE);
        Cell siblings =
                head.string().assign(new MvRegister.Entry(other, 11, Bytes.utf8("x")), VersionVector.EMPTY, List.of());
        VersionVector seen = VersionVector.EMPTY.with(entry.dot());
        List<KeyHead> heads = List.of(
                KeyHead.EMPTY,
                head.with(Deadlines.EMPTY),
                head.with(deadline(entry.dot(), 5)),
                head.with(deadline(other, Deadlines.NONE)),
                head.with(head.deadlines().set(new Deadlines.Entry(other, Deadlines.NONE), VersionVector.EMPTY)),
                head.with(siblings),
                head.with(new Cell(head.string().register(), counter)),
                head.with(collection(DataType.SET, 20, 1)));

        assertThat(heads).allSatisfy(each -> {
            assertThat(each.plain()).isNull();
            assertThat(each.isReplacedAt(seen)).isEqualTo(each.isEmpty());
        });
        assertThat(head.with(siblings).hasIncrements()).isFalse();
        assertThat(head.with(new Cell(head.string().register(), counter)).hasIncrements())
                .isTrue();
    }

    private static Deadlines deadline(Dot dot, long millis) {
        return new Deadlines(List.of(new Deadlines.Entry(dot, millis)));
    }

    private static KeyHead expiring(long millis) {
        return KeyHead.EMPTY.with(Deadlines.EMPTY.set(new Deadlines.Entry(new Dot(A, 1), millis), VersionVector.EMPTY));
    }

    private static CollectionMeta collection(DataType type, long timestamp, long count) {
        return CollectionMeta.none(type)
                .withLatestWrites(MvRegister.of(entry(timestamp)))
                .withCounts(count, 0);
    }

    private static MvRegister.Entry entry(long timestamp) {
        return new MvRegister.Entry(new Dot(A, timestamp), timestamp, Bytes.EMPTY);
    }
}
