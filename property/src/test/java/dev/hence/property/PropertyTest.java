package dev.hence.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class PropertyTest {

    @Test
    void holdsFor_trueStatement_passes() {
        assertThatCode(() -> numbers(trace -> {}).holdsFor(100)).doesNotThrowAnyException();
    }

    @Test
    void holdsFor_falseStatement_showsTheSeedAndTheFewestStepsThatBreakIt() {
        Property<Integer> noTwoLarge = numbers(
                trace -> assertThat(trace.stream().filter(n -> n >= 90).count()).isLessThan(2));

        assertThatThrownBy(() -> noTwoLarge.holdsFor(1000))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("numbers: does not hold")
                .hasMessageContaining("2 of ")
                .hasMessageContaining("-Dhence.seed=")
                .hasMessageMatching("(?s).*enough:\\R  9\\d\\R  9\\d\\R.*");
    }

    @Test
    void holdsFor_exceptionInTheCheck_isAFailure() {
        Property<Integer> broken = numbers(trace -> {
            throw new IllegalStateException("broken");
        });

        assertThatThrownBy(() -> broken.holdsFor(1))
                .hasMessageContaining("0 of ")
                .hasMessageContaining("broken");
    }

    @Test
    void holdsFor_twice_triesTheSameTraces() {
        List<List<Integer>> first = new ArrayList<>();
        List<List<Integer>> second = new ArrayList<>();

        numbers(first::add).holdsFor(20);
        numbers(second::add).holdsFor(20);

        assertThat(second).isEqualTo(first);
        assertThat(first.stream().distinct()).hasSizeGreaterThan(1);
    }

    private static Property<Integer> numbers(Consumer<List<Integer>> check) {
        return new Property<>("numbers", Property.steps(50, random -> random.nextInt(100)), check);
    }
}
