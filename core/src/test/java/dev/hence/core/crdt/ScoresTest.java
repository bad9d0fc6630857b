package dev.hence.core.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScoresTest {

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "-0.0,0",
        "1,1",
        "-3,-3",
        "0.1,0.1",
        "100,1E+2",
        "1e15,1E+15",
        "Infinity,inf",
        "-Infinity,-inf",
        "4.9E-324,4.9E-324"
    })
    void value_scores_areTheirShortestDecimals(double score, String value) {
        assertThat(Scores.value(score)).hasToString(value);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -1.5, 0.1, 1e15, 123456789.125, 4.9E-324, Double.MAX_VALUE, -Double.MAX_VALUE})
    void exact_score_isTheSameDoubleAgain(double score) {
        assertThat(Scores.exact(score).doubleValue()).isEqualTo(score);
        assertThat(Scores.isScore(Scores.value(score))).isTrue();
    }

    @Test
    void value_notANumber_isRefused() {
        assertThatThrownBy(() -> Scores.value(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("score: not a number (expected: one)");
    }

    @Test
    void isScore_text_isTrueForNumbersAndInfinities() {
        assertThat(Scores.isScore(Bytes.utf8("inf"))).isTrue();
        assertThat(Scores.isScore(Bytes.utf8("-inf"))).isTrue();
        assertThat(Scores.isScore(Bytes.utf8("1.5"))).isTrue();
        assertThat(Scores.isScore(Bytes.utf8("+inf"))).isFalse();
        assertThat(Scores.isScore(Bytes.utf8("word"))).isFalse();
        assertThat(Scores.isScore(Bytes.EMPTY)).isFalse();
    }
}
