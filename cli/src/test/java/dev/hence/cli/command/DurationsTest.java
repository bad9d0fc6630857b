package dev.hence.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationsTest {

    @Test
    void parse_units_understood() throws CommandFailure {
        assertThat(Durations.parse("--timeout", "250")).isEqualTo(Duration.ofMillis(250));
        assertThat(Durations.parse("--timeout", "250ms")).isEqualTo(Duration.ofMillis(250));
        assertThat(Durations.parse("--timeout", "2s")).isEqualTo(Duration.ofSeconds(2));
        assertThat(Durations.parse("--timeout", "1 m")).isEqualTo(Duration.ofMinutes(1));
        assertThat(Durations.parse("--for", "8h")).isEqualTo(Duration.ofHours(8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1s", "1d", "s", "1.5s", "99999999999"})
    void parse_otherForms_refused(String text) {
        assertThatThrownBy(() -> Durations.parse("--timeout", text))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("--timeout: \"" + text + "\" (expected: more than 0, for example 250ms, 2s, 1m or 8h)");
    }
}
