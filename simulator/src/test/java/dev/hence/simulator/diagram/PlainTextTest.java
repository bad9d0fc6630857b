package dev.hence.simulator.diagram;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PlainTextTest {
    @Test
    void of_printableText_staysAsItIs() {
        assertThat(PlainText.of("a b <&> \"é\" → ж", 40)).isEqualTo("a b <&> \"é\" → ж");
    }

    @Test
    void of_emptyText_isAPairOfQuotationMarks() {
        assertThat(PlainText.of("", 4)).isEqualTo("\"\"");
    }

    @Test
    void of_controlsAndChangesOfDirection_areEscaped() {
        assertThat(PlainText.of("a\nb\t\r\u0007\u001b[31m\u202e\u200b\u0301\ud800", 80))
                .isEqualTo("a\\nb\\t\\r\\u0007\\u001b[31m\\u202e\\u200b\\u0301\\ud800");
    }

    @Test
    void of_longText_isShortenedToTheLimit() {
        assertThat(PlainText.of("x".repeat(1_000_000), 10)).isEqualTo("xxxxxxx...");
        assertThat(PlainText.of("0123456789", 10)).isEqualTo("0123456789");
    }

    @Test
    void of_longTextWithAnEscapeAtTheLimit_doesNotCutTheEscape() {
        assertThat(PlainText.of("abcdef\u0000gh", 12)).isEqualTo("abcdef...");
    }
}
