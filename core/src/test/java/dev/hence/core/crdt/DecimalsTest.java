package dev.hence.core.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DecimalsTest {

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "-0,0",
        "007,7",
        "+5,5",
        "-12,-12",
        "1.50,1.5",
        ".5,0.5",
        "5.,5",
        "1e2,100",
        "1E-2,0.01",
        "9223372036854775808,9223372036854775808",
        "1e399,1e399",
        "-1e399,-1e399",
        "1e-1200,1e-1200"
    })
    void parse_numbers_areExact(String text, BigDecimal number) {
        assertThat(Decimals.parse(Bytes.utf8(text))).isEqualByComparingTo(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-",
                "+",
                ".",
                "e",
                "e5",
                "1e",
                "1 ",
                " 1",
                "1,5",
                "0x10",
                "1_000",
                "NaN",
                "inf",
                "Infinity",
                "--1",
                "1.2.3",
                "\u0661",
                "1e400",
                "1e2147483647",
                "1e-2147483648",
                "1e99999999999",
                "0e2147483647",
                "0e-2147483647",
                "1e-1201",
                "1f",
                "1d"
            })
    void parse_whatIsNoNumberOrTooLarge_isNone(String text) {
        assertThat(Decimals.parse(Bytes.utf8(text))).isNull();
    }

    @Test
    void parse_textLongerThanAnyNumber_isNone() {
        assertThat(Decimals.parse(Bytes.utf8("0".repeat(1_602)))).isEqualByComparingTo("0");
        assertThat(Decimals.parse(Bytes.utf8("0".repeat(1_603)))).isNull();
        assertThat(Decimals.parse(Bytes.utf8("1".repeat(400)))).isNotNull();
        assertThat(Decimals.parse(Bytes.utf8("1".repeat(401)))).isNull();
    }

    @Test
    void plain_everyBoundedNumber_isANumberAgain() {
        BigDecimal longest = new BigDecimal("-" + "9".repeat(400) + "." + "9".repeat(1_200));

        assertThat(Decimals.isBounded(longest)).isTrue();
        assertThat(Decimals.parse(Decimals.plain(longest))).isEqualByComparingTo(longest);
        assertThat(Decimals.canonical(longest).length()).isLessThanOrEqualTo(1_602);
        assertThat(Decimals.isBounded(longest.multiply(BigDecimal.TEN))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "-0.00,0",
        "1E+2,100",
        "100,100",
        "2.50,2.5",
        "-0.10,-0.1",
        "1E-7,0.0000001",
        "9223372036854775807,9223372036854775807",
        "9223372036854775808,9223372036854775807",
        "-9223372036854775808,-9223372036854775808",
        "-9223372036854775809,-9223372036854775808",
        "1E+400,9223372036854775807",
        "9223372036854775808.5,9223372036854775808.5"
    })
    void format_numbers_haveNoPowerOfTenAndWholeOnesFit64Bits(BigDecimal number, String text) {
        assertThat(Decimals.format(number)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0.00,0",
        "100,1E+2",
        "1E+2,1E+2",
        "2.50,2.5",
        "12,12",
        "0.0000001,1E-7",
        "-12,-12",
        "-120,-1.2E+2",
        "0,0",
        "999999999999999999,999999999999999999",
        "1234567890123456789,1234567890123456789",
        "9223372036854775808,9223372036854775808"
    })
    void canonical_equalNumbers_areEqualTexts(BigDecimal number, String text) {
        assertThat(Decimals.canonical(number)).hasToString(text);
    }

    @Test
    void strip_equalNumbers_areTheSame() {
        for (String text : new String[] {"0", "0.0", "0E+9"}) {
            assertThat(Decimals.strip(new BigDecimal(text))).isEqualTo(BigDecimal.ZERO);
        }
        assertThat(Decimals.strip(new BigDecimal("12345678901234567890")))
                .isEqualTo(new BigDecimal("1234567890123456789E+1"));
        assertThat(Decimals.strip(new BigDecimal("-7"))).isEqualTo(new BigDecimal("-7"));
        assertThat(Decimals.strip(new BigDecimal("-70"))).isEqualTo(new BigDecimal("-7E+1"));
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "7,7",
        "-7,-7",
        "9223372036854775807,9223372036854775807",
        "-9223372036854775808,-9223372036854775808"
    })
    void parseLong_shortestForm_isTheNumber(String text, long number) {
        assertThat(Decimals.parseLong(Bytes.utf8(text))).isEqualTo(OptionalLong.of(number));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+1",
                "01",
                "-0",
                "1.0",
                "1e1",
                " 1",
                "9223372036854775808",
                "-9223372036854775809",
                "99999999999999999999",
                "-99999999999999999999",
                "123456789012345678901",
                "a",
                "-a"
            })
    void parseLong_anythingElse_isNone(String text) {
        assertThat(Decimals.parseLong(Bytes.utf8(text))).isEmpty();
    }

    @Test
    void isWhole_fraction_isFalse() {
        assertThat(Decimals.isWhole(new BigDecimal("1.5"))).isFalse();
        assertThat(Decimals.isWhole(new BigDecimal("1.0"))).isTrue();
        assertThat(Decimals.isWhole(new BigDecimal("0.0"))).isTrue();
        assertThat(Decimals.isWhole(new BigDecimal("1E+5"))).isTrue();
    }

    @Test
    void requireSum_moreThanAnyValueHas_isAllowedUpToTwiceTheDigits() {
        assertThat(Decimals.requireSum(new BigDecimal("1E+799"))).isEqualByComparingTo("1E+799");
        assertThatThrownBy(() -> Decimals.requireSum(new BigDecimal("1E+800")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("number: 1 digits, -800 behind the point (expected: at most 800 before and 1200 behind)");
        assertThatThrownBy(() -> Decimals.requireSum(new BigDecimal("1E-1201")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
