package dev.hence.node.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class SessionTokensTest {

    private final SessionTokens tokens = new SessionTokens("shop");

    @Test
    void decode_encodedClock_returnsIt() throws Exception {
        VersionVector clock = VersionVector.of(Map.of(
                new ReplicaId("node1", 0x00c0ffee00c0ffeeL), 5L,
                new ReplicaId("node1", -1), 1L,
                new ReplicaId("node2", 7), Long.MAX_VALUE,
                new ReplicaId("x".repeat(64), 0), 300L));
        assertThat(tokens.decode(tokens.encode(clock))).isEqualTo(clock);
    }

    @Test
    void decodeAll_severalTokens_joinsThem() throws Exception {
        VersionVector one = VersionVector.EMPTY.with(new ReplicaId("node1", 11), 5);
        VersionVector other = VersionVector.EMPTY.with(new ReplicaId("node2", 12), 7);
        String list = tokens.encode(one) + " ,, " + tokens.encode(other);
        assertThat(tokens.decodeAll(list)).isEqualTo(one.join(other));
        assertThat(tokens.decodeAll("")).isEqualTo(VersionVector.EMPTY);
        assertThatThrownBy(() -> tokens.decodeAll(tokens.encode(one) + ",?"))
                .isInstanceOf(MalformedTokenException.class);
    }

    @Test
    void encode_emptyClock_isATokenToo() throws Exception {
        assertThat(tokens.decode(tokens.encode(VersionVector.EMPTY))).isEqualTo(VersionVector.EMPTY);
    }

    @Test
    void encode_threeNodes_isShort() {
        VersionVector clock = VersionVector.of(Map.of(
                new ReplicaId("node1", 11), 1_000_000L,
                new ReplicaId("node2", 12), 1_000_000L,
                new ReplicaId("node3", 13), 1_000_000L));
        assertThat(tokens.encode(clock)).hasSizeLessThan(80).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void encode_fourHundredReplicas_fitsIntoTheLimit() {
        Map<ReplicaId, Long> counters = new TreeMap<>();
        for (int i = 0; i < 400; i++) {
            counters.put(new ReplicaId("node" + i, Long.MAX_VALUE - i), 1_000_000L);
        }
        assertThat(tokens.encode(VersionVector.of(counters))).hasSizeLessThan(SessionTokens.TOKEN_CHARS_MAX);
    }

    @Test
    void decode_tokenOfAnotherCluster_isRefusedAsSuch() {
        String foreign = new SessionTokens("bank").encode(VersionVector.EMPTY);
        assertThatThrownBy(() -> tokens.decode(foreign))
                .isInstanceOf(MalformedTokenException.class)
                .hasMessage("session token: of another cluster (expected: one of shop)");
    }

    @Test
    void decode_tooLong_isRefusedWithTheLimit() {
        assertThatThrownBy(() -> tokens.decode("A".repeat(8_193)))
                .isInstanceOf(MalformedTokenException.class)
                .hasMessage("session token: 8193 characters (expected: at most 8192)");
    }

    @Test
    void decode_arbitraryText_isRefused() {
        Random random = new Random(7);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_ =+/.é";
        for (int i = 0; i < 10_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(60); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThatThrownBy(() -> tokens.decode(text.toString())).isInstanceOf(MalformedTokenException.class);
        }
    }
}
