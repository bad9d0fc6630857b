package dev.hence.engine.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SipHashTest {

    private static final SipHash HASH = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    private static byte[] counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    /** The results of SipHash-1-3 with the key 00 01 ... 0f, for the messages of 0 to 3 and of 8 counting bytes. */
    @Test
    void hash_ofTheReferenceMessages_isThatOfTheReference() {
        assertThat(HASH.of(counting(0), 0, 0, 0)).isEqualTo(0xabac0158050fc4dcL);
        assertThat(HASH.of(counting(1), 0, 1, 0)).isEqualTo(0xc9f49bf37d57ca93L);
        assertThat(HASH.of(counting(2), 0, 2, 0)).isEqualTo(0x82cb9b024dc7d44dL);
        assertThat(HASH.of(counting(3), 0, 3, 0)).isEqualTo(0x8bf80ab8e7ddf7fbL);
        assertThat(HASH.of(counting(8), 0, 8, 0)).isEqualTo(0x369095118d299a8eL);
    }

    @Test
    void hash_dependsOnEveryByteTheLengthAndTheTweak() {
        Set<Long> hashes = new HashSet<>();
        byte[] bytes = counting(40);
        for (int length = 0; length <= 40; length++) {
            assertThat(hashes.add(HASH.of(bytes, 0, length, 0))).isTrue();
            assertThat(hashes.add(HASH.of(bytes, 0, length, 1))).isTrue();
        }
        for (int i = 0; i < 40; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= 1;
            assertThat(hashes.add(HASH.of(changed, 0, 40, 0))).isTrue();
        }
    }

    @Test
    void hash_ofAPart_isThatOfItsBytes() {
        byte[] bytes = counting(50);
        for (int from = 0; from < 9; from++) {
            assertThat(HASH.of(bytes, from, 30, 0))
                    .isEqualTo(HASH.of(Arrays.copyOfRange(bytes, from, from + 30), 0, 30, 0));
        }
    }
}
