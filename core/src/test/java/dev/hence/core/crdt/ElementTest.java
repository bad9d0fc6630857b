package dev.hence.core.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ElementTest {

    private static final double[] SCORES = {
        Double.NEGATIVE_INFINITY,
        -Double.MAX_VALUE,
        -2.5,
        -1,
        -Double.MIN_VALUE,
        0,
        Double.MIN_VALUE,
        0.1,
        1,
        1e300,
        Double.MAX_VALUE,
        Double.POSITIVE_INFINITY
    };

    @Test
    void rank_scores_standInTheirOrder() {
        List<Bytes> ranks = DoubleStream.of(SCORES)
                .mapToObj(score -> Element.rank(score, Bytes.utf8("m")))
                .collect(Collectors.toCollection(ArrayList::new));
        List<Bytes> ordered = List.copyOf(ranks);
        Collections.reverse(ranks);
        Collections.sort(ranks);

        assertThat(ranks).isEqualTo(ordered);
    }

    @Test
    void rank_equalScores_standInTheOrderOfMembers() {
        assertThat(Element.rank(1, Bytes.utf8("a")))
                .isLessThan(Element.rank(1, Bytes.utf8("aa")))
                .isLessThan(Element.rank(1, Bytes.utf8("b")));
        assertThat(Element.rank(1, Bytes.wrap(new byte[] {-1}))).isLessThan(Element.rank(1.5, Bytes.EMPTY));
        assertThat(Element.fromScore(1)).isEqualTo(Element.rank(1, Bytes.EMPTY));
    }

    @Test
    void rank_zerosOfBothSigns_areOne() {
        assertThat(Element.rank(-0.0, Bytes.EMPTY)).isEqualTo(Element.rank(0.0, Bytes.EMPTY));
    }

    @Test
    void scoreOf_rank_isItsScoreAndMember() {
        for (double score : SCORES) {
            Bytes rank = Element.rank(score, Bytes.utf8("member"));

            assertThat(Element.scoreOf(rank)).isEqualTo(score);
            assertThat(Element.memberOf(rank)).hasToString("member");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"STRING"})
    void of_row_isTheElement(DataType type) {
        for (String element : new String[] {"", "a", "field", "\u00e9\u0000"}) {
            assertThat(Element.of(type, Element.row(type, Bytes.utf8(element)))).hasToString(element);
        }
    }

    @Test
    void row_ofAList_isThePosition() {
        assertThat(Element.row(DataType.LIST, Bytes.utf8("p"))).hasToString("p");
    }

    @Test
    void row_similarNames_areSpreadOverAllHashes() {
        Map<Long, Long> byEighth = IntStream.range(0, 8_000)
                .mapToObj(number -> Element.row(DataType.HASH, Bytes.utf8("field:" + number)))
                .collect(Collectors.groupingBy(
                        row -> Element.hashOf(row) * 8 / Element.HASHES, HashMap::new, Collectors.counting()));

        assertThat(byEighth).containsOnlyKeys(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(byEighth.values()).allSatisfy(count -> assertThat(count).isBetween(850L, 1150L));
    }

    @Test
    void row_ofAField_isTheSameForEver() {
        // The encoding is stored on disks.
        assertThat(HexFormat.of()
                        .formatHex(
                                Element.row(DataType.HASH, Bytes.utf8("field")).array()))
                .isEqualTo("7cd17a9a" + "6669656c64");
    }

    @Test
    void fromHash_hash_isTheFirstRowThatCanHaveIt() {
        Bytes row = Element.row(DataType.SET, Bytes.utf8("member"));
        long hash = Element.hashOf(row);

        assertThat(Element.fromHash(hash)).isLessThan(row);
        assertThat(Element.fromHash(hash + 1)).isGreaterThan(row);
        assertThat(Element.hashOf(Element.fromHash(Element.HASHES - 1))).isEqualTo(Element.HASHES - 1);
    }

    @Test
    void counted_element_comesBackAndTypesStandApart() {
        Bytes row = Element.counted(DataType.HASH, Bytes.utf8("f"));

        assertThat(Element.countedOf(row)).hasToString("f");
        assertThat(row.array()[0]).isEqualTo(Element.countedTag(DataType.HASH));
        assertThat(row).isLessThan(Element.counted(DataType.SORTED_SET, Bytes.EMPTY));
        assertThatThrownBy(() -> Element.counted(DataType.LIST, Bytes.EMPTY))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void kind_string_hasNoRows() {
        assertThatThrownBy(() -> Element.kind(DataType.STRING)).isInstanceOf(IllegalArgumentException.class);
    }
}
