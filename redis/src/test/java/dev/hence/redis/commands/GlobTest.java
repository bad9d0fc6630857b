package dev.hence.redis.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

final class GlobTest {

    private static boolean matches(String pattern, String name) {
        return new Glob(Bytes.utf8(pattern)).matches(Bytes.utf8(name));
    }

    private static void assertMatches(String pattern, String... names) {
        assertThat(names).as(pattern).allMatch(name -> matches(pattern, name));
    }

    private static void assertNone(String pattern, String... names) {
        assertThat(names).as(pattern).noneMatch(name -> matches(pattern, name));
    }

    @Test
    void matches_plainBytes_areThemselves() {
        assertMatches("", "");
        assertMatches("key", "key");
        assertNone("key", "", "ke", "keys", "Key");
        assertNone("", "a");
    }

    @Test
    void matches_star_isAnyBytes() {
        assertMatches("*", "", "a", "abc");
        assertMatches("a*", "a", "abc");
        assertMatches("*c", "c", "abc", "abcc");
        assertMatches("a*c", "ac", "abc", "acbc");
        assertMatches("*a*b*", "ab", "xaxbx", "aabb");
        assertMatches("a**b", "ab", "axb");
        assertNone("a*c", "a", "acb", "bac");
        assertNone("*a*b*", "ba", "a");
    }

    @Test
    void matches_questionMark_isOneByte() {
        assertMatches("h?llo", "hello", "hallo", "h?llo");
        assertNone("h?llo", "hllo", "heello");
        assertMatches("??", "ä");
        assertNone("?", "");
    }

    @Test
    void matches_set_isOneOfItsBytes() {
        assertMatches("h[ae]llo", "hello", "hallo");
        assertNone("h[ae]llo", "hillo", "hllo", "haello");
        assertMatches("[a-c]x", "ax", "bx", "cx");
        assertMatches("[c-a]x", "ax", "bx", "cx");
        assertNone("[a-c]x", "dx", "-x");
        assertMatches("[a-cx-z]", "b", "y");
        assertMatches("[-a]", "a", "-");
        assertMatches("[*?]", "*", "?");
        assertNone("[*?]", "a");
    }

    @Test
    void matches_negatedSet_isNoneOfItsBytes() {
        assertMatches("h[^e]llo", "hallo", "h^llo");
        assertNone("h[^e]llo", "hello", "hllo");
        assertNone("[^a-c]", "a", "b", "c");
        assertMatches("[a^]", "a", "^");
    }

    @Test
    void matches_backslash_takesTheNextByteAsItIs() {
        assertMatches("\\*", "*");
        assertNone("\\*", "a", "\\*");
        assertMatches("a\\?b", "a?b");
        assertNone("a\\?b", "axb");
        assertMatches("\\[a]", "[a]");
        assertMatches("[\\]a]", "]", "a");
        assertNone("[\\]a]", "\\");
        assertMatches("\\a", "a");
        assertMatches("a\\", "a\\");
    }

    @Test
    void matches_strangeSets_areReadAsRedisDoes() {
        assertNone("[]", "", "a", "]");
        assertMatches("[^]", "a", "]");
        assertMatches("[ab", "a", "b");
        assertNone("[ab", "c", "ab");
        assertNone("[", "", "[");
        assertMatches("[a-]", "a", "]", "_");
        assertNone("[a-]", "-", "b");
    }

    @Test
    void matches_bytesOfAllValues_areUnsigned() {
        for (int value = 0; value < 256; value++) {
            Bytes name = Bytes.wrap(new byte[] {(byte) value});
            Glob range = new Glob(Bytes.wrap(new byte[] {'[', 0x70, '-', (byte) 0x90, ']'}));
            assertThat(range.matches(name)).isEqualTo(value >= 0x70 && value <= 0x90);
            assertThat(new Glob(Bytes.utf8("?")).matches(name)).isTrue();
        }
    }

    @Test
    void matches_manyStars_takesNoLongTime() {
        String pattern = "*a".repeat(500) + "*b";
        String name = "a".repeat(20_000);

        Assertions.assertTimeout(
                Duration.ofSeconds(30), () -> assertThat(matches(pattern, name)).isFalse());
    }

    @Test
    void matches_randomPatterns_agreeWithRegularExpressions() {
        Random random = new Random(1);
        for (int trial = 0; trial < 100_000; trial++) {
            StringBuilder glob = new StringBuilder();
            StringBuilder regex = new StringBuilder();
            for (int token = random.nextInt(6); token > 0; token--) {
                switch (random.nextInt(5)) {
                    case 0 -> append(glob, "*", regex, ".*");
                    case 1 -> append(glob, "?", regex, ".");
                    case 2 -> append(glob, "[ab]", regex, "[ab]");
                    case 3 -> append(glob, "[^ab]", regex, "[^ab]");
                    default -> append(glob, "a", regex, "a");
                }
            }
            String name = random.ints(random.nextInt(7), 'a', 'd')
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            assertThat(matches(glob.toString(), name))
                    .as("\"%s\" with %s", name, glob)
                    .isEqualTo(Pattern.matches(regex.toString(), name));
        }
    }

    private static void append(StringBuilder glob, String token, StringBuilder regex, String meaning) {
        glob.append(token);
        regex.append(meaning);
    }

    @Test
    void prefix_pattern_isWhatEveryNameBeginsWith() {
        assertThat(prefix("user:*")).isEqualTo("user:");
        assertThat(prefix("user:?")).isEqualTo("user:");
        assertThat(prefix("us[e]r")).isEqualTo("us");
        assertThat(prefix("\\*a*")).isEqualTo("*a");
        assertThat(prefix("plain")).isEqualTo("plain");
        assertThat(prefix("plain\\")).isEqualTo("plain\\");
        assertThat(prefix("*")).isEmpty();
        assertThat(prefix("")).isEmpty();
    }

    private static String prefix(String pattern) {
        return new Glob(Bytes.utf8(pattern)).prefix().toString();
    }
}
