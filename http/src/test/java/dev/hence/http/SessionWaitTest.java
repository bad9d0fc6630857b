package dev.hence.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.http.exchange.HttpProblem;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SessionWaitTest {

    @ParameterizedTest
    @ValueSource(strings = {"61s", "60001", "-1", "1m", "s", "ms", "", "1.5s", "99999999999", "１s"})
    void parseWait_otherThanUpToSixtySeconds_isRefused(String wait) {
        assertThatThrownBy(() -> Sessions.parseWait(wait))
                .isInstanceOf(HttpProblem.class)
                .hasMessage("Hence-Wait: \"" + wait + "\" (expected: 0 to 60s, such as 250, 250ms or 2s)");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "250,250", "250ms,250", "2s,2000", " 60s ,60000", "60000ms,60000"})
    void parseWait_numberWithOrWithoutUnit_isRead(String wait, long millis) {
        assertThat(Sessions.parseWait(wait)).isEqualTo(Duration.ofMillis(millis));
    }
}
