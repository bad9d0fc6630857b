package dev.hence.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.crdt.Bytes;
import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DecimalCodecTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "1",
                "+1",
                "007",
                "100",
                "-12",
                "2.50",
                "9223372036854775807",
                "-9223372036854775808",
                "9223372036854775808",
                "-9223372036854775809"
            })
    void decode_digits_isTheSameNumberWithTheSameScale(String text) {
        // Equality of decimals includes the scale.
        assertThat(DecimalCodec.decode(Bytes.utf8(text))).isEqualTo(new BigDecimal(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1E+2", "-1.2E+2"})
    void decode_powerOfTen_hasNoExponent(String text) {
        BigDecimal number = DecimalCodec.decode(Bytes.utf8(text));
        assertThat(number.scale()).isZero();
        assertThat(number).isEqualByComparingTo(new BigDecimal(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "1x", " 1", "1e99999"})
    void decode_anythingElse_isRejected(String text) {
        assertThatThrownBy(() -> DecimalCodec.decode(Bytes.utf8(text))).isInstanceOf(MalformedRecordException.class);
    }
}
