package dev.hence.core.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class BytesTest {

    @Test
    void copyOf_arrayWrittenToAfterwards_staysAsItWas() {
        byte[] array = {1, 2};
        Bytes bytes = Bytes.copyOf(array);
        array[0] = 9;

        assertThat(bytes).isEqualTo(Bytes.wrap(new byte[] {1, 2}));
    }

    @Test
    void toByteArray_resultWrittenTo_leavesTheBytesAlone() {
        Bytes bytes = Bytes.utf8("ab");
        bytes.toByteArray()[0] = 'x';

        assertThat(bytes).hasToString("ab");
    }

    @Test
    void asReadOnlyBuffer_bytes_viewsAllOfThemReadOnly() {
        Bytes bytes = Bytes.utf8("ab");

        assertThat(bytes.asReadOnlyBuffer().isReadOnly()).isTrue();
        assertThat(StandardCharsets.UTF_8.decode(bytes.asReadOnlyBuffer()).toString())
                .isEqualTo("ab");
    }

    @Test
    void equals_otherBytesOrType_isFalse() {
        assertThat(Bytes.utf8("a"))
                .isEqualTo(Bytes.utf8("a"))
                .hasSameHashCodeAs(Bytes.utf8("a"))
                .isNotEqualTo(Bytes.utf8("b"))
                .isNotEqualTo("a");
    }

    @Test
    void compareTo_highBytes_ordersUnsigned() {
        assertThat(Bytes.wrap(new byte[] {(byte) 0xff})).isGreaterThan(Bytes.wrap(new byte[] {0x7f}));
    }

    @Test
    void compareTo_prefix_comesFirst() {
        assertThat(Bytes.EMPTY).isLessThan(Bytes.utf8("a"));
        assertThat(Bytes.utf8("a")).isLessThan(Bytes.utf8("aa")).isEqualByComparingTo(Bytes.utf8("a"));
    }

    @Test
    void startsWith_prefixes_areRecognised() {
        assertThat(Bytes.utf8("user:1").startsWith(Bytes.utf8("user:"))).isTrue();
        assertThat(Bytes.utf8("user:1").startsWith(Bytes.EMPTY)).isTrue();
        assertThat(Bytes.utf8("user:1").startsWith(Bytes.utf8("user:1"))).isTrue();
        assertThat(Bytes.utf8("user:1").startsWith(Bytes.utf8("user:12"))).isFalse();
        assertThat(Bytes.utf8("user:1").startsWith(Bytes.utf8("usex"))).isFalse();
    }
}
