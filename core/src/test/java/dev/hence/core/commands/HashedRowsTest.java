package dev.hence.core.commands;

import static dev.hence.core.commands.MemoryNode.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Element;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.State;
import dev.hence.core.keyspace.View;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class HashedRowsTest {

    private static final Bytes KEY = bytes("key");

    private final MemoryNode node = new MemoryNode("a");
    private final LongSupplier random = new SplittableRandom(7)::nextLong;

    private static Set<Bytes> members(int count) {
        Set<Bytes> members = new HashSet<>();
        IntStream.range(0, count).forEach(i -> members.add(bytes("member " + i)));
        return members;
    }

    private void add(Iterable<Bytes> members) {
        node.run(transaction -> members.forEach(each -> transaction.assign(KEY, DataType.SET, each, Bytes.EMPTY)));
    }

    private HashedRows rows() {
        return HashedRows.of(node.view(), KEY, DataType.SET);
    }

    private List<Bytes> distinct(long count, LongSupplier numbers) {
        List<Bytes> picked = new ArrayList<>();
        rows().distinct(count, numbers, entry -> picked.add(entry.element()));
        return picked;
    }

    private List<Bytes> repeated(long count, LongSupplier numbers) {
        List<Bytes> picked = new ArrayList<>();
        rows().repeated(count, numbers, entry -> picked.add(entry.element()));
        return picked;
    }

    private long scan(long cursor, long countMin, List<Bytes> into) {
        return rows().scan(cursor, countMin, (member, cell) -> into.add(member));
    }

    @Test
    void scan_fromCursorToCursor_showsEveryElementOnce() {
        add(members(100));
        for (int page : new int[] {1, 7, 50, 99, 100, 1000}) {
            List<Bytes> seen = new ArrayList<>();
            long cursor = 0;
            do {
                int before = seen.size();
                cursor = scan(cursor, page, seen);
                assertThat(cursor == 0 || seen.size() - before >= page).isTrue();
            } while (cursor != 0);
            assertThat(seen).hasSize(100).containsExactlyInAnyOrderElementsOf(members(100));
        }
    }

    @Test
    void scan_elementsThatComeAndGo_stillShowsThoseThatStayOnce() {
        Set<Bytes> staying = members(60);
        add(staying);
        List<Bytes> seen = new ArrayList<>();
        long cursor = 0;
        int round = 0;
        do {
            cursor = scan(cursor, 5, seen);
            Bytes passing = bytes("passing " + round);
            Bytes gone = bytes("passing " + (round++ - 1));
            node.run(transaction -> {
                transaction.assign(KEY, DataType.SET, passing, Bytes.EMPTY);
                transaction.remove(KEY, DataType.SET, gone);
            });
        } while (cursor != 0);
        assertThat(seen.stream().filter(staying::contains)).hasSize(60).doesNotHaveDuplicates();
    }

    @Test
    void scan_elementsOfOneHash_areShownTogether() {
        // The platform's hash of an array is the same for all of these.
        List<Bytes> alike = List.of(bytes("AaAa"), bytes("BBBB"), bytes("AaBB"), bytes("BBAa"));
        assertThat(alike.stream()
                        .map(each -> Element.hashOf(Element.row(DataType.SET, each)))
                        .distinct())
                .hasSize(1);
        add(alike);
        List<Bytes> seen = new ArrayList<>();
        assertThat(scan(0, 1, seen)).isZero();
        assertThat(seen).containsExactlyInAnyOrderElementsOf(alike);
    }

    @Test
    void scan_cursorThatNobodyGave_showsNothingBeyondTheHashes() {
        add(members(3));
        List<Bytes> seen = new ArrayList<>();
        assertThat(scan(-1, 10, seen)).isZero();
        assertThat(scan(Element.HASHES, 10, seen)).isZero();
        assertThat(seen).isEmpty();
    }

    @Test
    void distinct_anyCount_areDifferentElements() {
        add(members(90));
        for (int count : new int[] {0, 1, 2, 29, 30, 31, 89, 90}) {
            assertThat(distinct(count, random))
                    .hasSize(count)
                    .doesNotHaveDuplicates()
                    .isSubsetOf(members(90));
        }
        assertThat(distinct(Long.MAX_VALUE, random)).hasSize(90);
    }

    @Test
    void distinct_randomNumbersAllAlike_stillFindsDifferentElements() {
        add(members(90));
        for (long number : new long[] {0, -1, 31, Long.MIN_VALUE}) {
            assertThat(distinct(30, () -> number)).hasSize(30).doesNotHaveDuplicates();
            assertThat(distinct(60, () -> number)).hasSize(60).doesNotHaveDuplicates();
        }
    }

    @Test
    void distinct_onePickOfFewElements_isFair() {
        add(members(8));
        assertThat(shares(8_000)).allSatisfy(share -> assertThat(share).isBetween(850, 1_150));
    }

    @Test
    void distinct_onePickOfManyElements_reachesEveryElement() {
        add(members(200));
        assertThat(shares(40_000))
                .hasSize(200)
                .allSatisfy(share -> assertThat(share).isBetween(40, 600));
    }

    private List<Integer> shares(int picks) {
        Map<Bytes, Integer> shares = new HashMap<>();
        IntStream.range(0, picks).forEach(i -> shares.merge(distinct(1, random).getFirst(), 1, Integer::sum));
        return List.copyOf(shares.values());
    }

    @Test
    void distinct_goodPartOfAll_isAFairSample() {
        add(members(10));
        Map<Bytes, Integer> shares = new HashMap<>();
        IntStream.range(0, 4_000)
                .forEach(i -> distinct(5, random).forEach(member -> shares.merge(member, 1, Integer::sum)));
        assertThat(shares).hasSize(10);
        assertThat(shares.values()).allSatisfy(share -> assertThat(share).isBetween(1_850, 2_150));
    }

    @Test
    void repeated_moreThanThereAre_repeatsElementsFairly() {
        add(members(4));
        List<Bytes> picked = repeated(4_000, random);
        assertThat(picked).hasSize(4_000);
        for (Bytes member : members(4)) {
            assertThat(Collections.frequency(picked, member)).isBetween(850, 1_150);
        }
    }

    @Test
    void repeated_fewOfMany_picksAgainEachTime() {
        add(members(100));
        assertThat(repeated(3, () -> 0))
                .hasSize(3)
                .containsOnly(distinct(1, () -> 0).getFirst());
        assertThat(repeated(500, random)).hasSize(500).isSubsetOf(members(100));
    }

    @Test
    void anyWalk_absentKey_showsNothing() {
        assertThat(rows().size()).isZero();
        assertThat(rows().walk((member, cell) -> false)).isTrue();
        assertThat(repeated(5, random)).isEmpty();
        assertThat(distinct(5, random)).isEmpty();
        assertThat(scan(0, 5, new ArrayList<>())).isZero();
    }

    @Test
    void walk_visitorThatHasEnough_stops() {
        add(members(10));
        List<Bytes> seen = new ArrayList<>();
        assertThat(rows().walk((member, cell) -> {
                    seen.add(member);
                    return seen.size() < 3;
                }))
                .isFalse();
        assertThat(seen).hasSize(3);
    }

    @Test
    void prepared_expiredKey_hasNoneOfWhatIsLeft() {
        add(members(3));
        node.run(transaction -> Keys.expire(transaction, KEY, node.nowMillis() + 10));
        node.advance(10);
        assertThat(rows().has(bytes("member 1"))).isFalse();
        node.run(transaction -> {
            assertThat(HashedRows.prepared(transaction, KEY, DataType.SET).size())
                    .isZero();
            assertThat(transaction.head(KEY)).isEqualTo(KeyHead.EMPTY);
        });
        assertThat(node.state().heads()).isEmpty();
    }

    @Test
    void distinct_fewerRowsThanCounted_isABrokenInvariant() {
        add(members(90));
        State withoutRows = new WithoutRows(node.state());
        HashedRows broken = HashedRows.of(View.of(withoutRows, node.nowMillis()), KEY, DataType.SET);
        assertThatThrownBy(() -> broken.distinct(1, random, entry -> {}))
                .isInstanceOf(AssertionError.class)
                .hasMessage("key \"key\": fewer elements than counted (expected: 90)");
    }

    /** A state that has lost its rows. */
    private record WithoutRows(State below) implements State {
        @Override
        public KeyHead head(Bytes key) {
            return below.head(key);
        }

        @Override
        public Cell cell(Bytes key, RowKind kind, Bytes row) {
            return Cell.EMPTY;
        }

        @Override
        public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
            return true;
        }
    }
}
