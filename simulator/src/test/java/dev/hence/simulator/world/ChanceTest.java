package dev.hence.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class ChanceTest {
    private static List<Long> drawn(Chance chance) {
        return LongStream.range(0, 100).map(i -> chance.bits()).boxed().toList();
    }

    @Test
    void bits_sameSeed_isTheSameStream() {
        assertThat(drawn(new Chance(7))).isEqualTo(drawn(new Chance(7)));
        assertThat(drawn(new Chance(7))).doesNotContainAnyElementsOf(drawn(new Chance(8)));
    }

    @Test
    void of_otherKindOrNumber_isAnotherStream() {
        Chance chance = new Chance(7);

        assertThat(drawn(chance.of("client", 1))).isEqualTo(drawn(new Chance(7).of("client", 1)));
        assertThat(drawn(chance.of("client", 1)))
                .doesNotContainAnyElementsOf(drawn(chance.of("client", 2)))
                .doesNotContainAnyElementsOf(drawn(chance.of("machine", 1)))
                .doesNotContainAnyElementsOf(drawn(chance));
    }

    @Test
    void of_whateverWasDrawnBefore_isTheSameStream() {
        Chance chance = new Chance(7);
        Chance untouched = new Chance(7);
        drawn(chance);

        assertThat(drawn(chance.of("client", 1))).isEqualTo(drawn(untouched.of("client", 1)));
    }

    @Test
    void ranges_manyDraws_areMetAndNotLeft() {
        Chance chance = new Chance(7);

        assertThat(IntStream.range(0, 500).mapToObj(i -> chance.below(3))).containsOnly(0, 1, 2);
        assertThat(IntStream.range(0, 500).mapToObj(i -> chance.between(-1, 1))).containsOnly(-1L, 0L, 1L);
        assertThat(IntStream.range(0, 500).mapToObj(i -> chance.oneOf(List.of("a", "b"))))
                .containsOnly("a", "b");
        assertThat(IntStream.range(0, 500).mapToObj(i -> chance.unit()))
                .allMatch(unit -> unit >= 0 && unit < 1)
                .anyMatch(unit -> unit < 0.1)
                .anyMatch(unit -> unit > 0.9);
        assertThat(chance.between(5, 5)).isEqualTo(5);
    }

    @Test
    void happens_probability_isHowOftenItDoes() {
        Chance chance = new Chance(7);

        assertThat(IntStream.range(0, 10_000).filter(i -> chance.happens(0.3)).count())
                .isBetween(2_700L, 3_300L);
        assertThat(chance.happens(0)).isFalse();
        assertThat(chance.happens(1)).isTrue();
    }
}
