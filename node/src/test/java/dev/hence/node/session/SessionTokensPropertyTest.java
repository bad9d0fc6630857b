package dev.hence.node.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws of the token codec, for clocks from a seeded generator. */
final class SessionTokensPropertyTest {

    private static final String BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final String NAME = "abcXYZ0189._-";

    private final SessionTokens tokens = new SessionTokens("shop");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void decode_ofEncode_isIdentity(long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            VersionVector clock = clock(random);
            assertThat(tokens.decode(tokens.encode(clock))).isEqualTo(clock);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5})
    void decode_anyCharacterChanged_isRefused(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 20; i++) {
            String token = tokens.encode(clock(random));
            for (int at = 0; at < token.length(); at++) {
                for (int c = 0; c < BASE64URL.length(); c++) {
                    char other = BASE64URL.charAt(c);
                    if (other != token.charAt(at)) {
                        assertRefused(token.substring(0, at) + other + token.substring(at + 1));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {6, 7})
    void decode_anyCharactersLostOrAdded_isRefused(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            String token = tokens.encode(clock(random));
            for (int at = 0; at < token.length(); at++) {
                assertRefused(token.substring(0, at));
                assertRefused(token.substring(0, at) + token.substring(at + 1));
                assertRefused(token.substring(0, at) + "A" + token.substring(at));
            }
            assertRefused(token + token);
        }
    }

    private void assertRefused(String damaged) {
        try {
            fail(damaged + " was taken for " + tokens.decode(damaged));
        } catch (MalformedTokenException expected) {
            assertThat(expected).hasMessageStartingWith("session token: ");
        }
    }

    private static VersionVector clock(Random random) {
        Map<ReplicaId, Long> counters = new TreeMap<>();
        for (int size = random.nextInt(8); size > 0; size--) {
            counters.put(
                    new ReplicaId(name(random), random.nextLong()),
                    Math.max(1, random.nextLong() >>> (1 + random.nextInt(62))));
        }
        return VersionVector.of(counters);
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder("n");
        for (int length = random.nextInt(ReplicaId.NAME_LENGTH_MAX); length > 0; length--) {
            name.append(NAME.charAt(random.nextInt(NAME.length())));
        }
        return name.toString();
    }
}
