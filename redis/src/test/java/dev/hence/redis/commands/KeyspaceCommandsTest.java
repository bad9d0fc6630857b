package dev.hence.redis.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.node.ScanCursors;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class KeyspaceCommandsTest {

    private final RedisShell redis = new RedisShell("a");

    private void expect(String line, String reply) {
        assertThat(redis.run(line)).as(line).isEqualTo(reply);
    }

    private void set(String... keys) {
        Arrays.stream(keys).forEach(key -> redis.run("SET " + key + " v"));
    }

    private void setMany(int count) {
        redis.store().write(transaction -> {
            IntStream.range(0, count).forEach(number -> transaction.set(Bytes.utf8("key:" + number), Bytes.utf8("v")));
            return transaction;
        });
    }

    private Reply reply(String line) {
        return redis.reply(Arguments.of(line.split(" ", -1)));
    }

    /** The keys that a whole scan finds, in the order in which it does, and how many replies it took. */
    private record Scanned(List<String> keys, int replies) {}

    private Scanned scan(String options) {
        List<String> keys = new ArrayList<>();
        String cursor = "0";
        int replies = 0;
        do {
            Reply.Array reply = (Reply.Array) reply("SCAN " + cursor + options);
            cursor = text(reply.elements().getFirst());
            ((Reply.Array) reply.elements().getLast()).elements().forEach(key -> keys.add(text(key)));
            replies++;
        } while (!cursor.equals("0"));
        return new Scanned(keys, replies);
    }

    private static String text(Reply reply) {
        return ((Reply.Bulk) reply).bytes().toString();
    }

    // KEYS

    @Test
    void keys_pattern_findsThoseThatMatch() {
        expect("KEYS *", "[]");
        set("hello", "hallo", "hxllo", "heello", "other");
        expect("KEYS h?llo", "[\"hallo\", \"hello\", \"hxllo\"]");
        expect("KEYS h[ae]llo", "[\"hallo\", \"hello\"]");
        expect("KEYS h*llo", "[\"hallo\", \"heello\", \"hello\", \"hxllo\"]");
        expect("KEYS other", "[\"other\"]");
        expect("KEYS none*", "[]");
        expect("KEYS *e*", "[\"heello\", \"hello\", \"other\"]");
    }

    @Test
    void keys_moreThanAPage_areAllFound() {
        setMany(2_500);

        assertThat(((Reply.Array) reply("KEYS key:*")).elements()).hasSize(2_500);
        assertThat(((Reply.Array) reply("KEYS *9")).elements()).hasSize(250);
    }

    @Test
    void keys_expiredOnes_areNotAmongThem() {
        set("a");
        redis.run("SET b v PX 10");
        redis.store().advance(10);

        expect("KEYS *", "[\"a\"]");
        expect("DBSIZE", "(integer) 2");
    }

    @Test
    void keys_moreThanFitIntoAReply_areRefused() {
        byte[] name = new byte[65_000];
        int count = (int) (KeyspaceCommands.KEYS_BYTES_MAX / name.length) + 1;
        for (int number = 0; number < count; number++) {
            name[0] = (byte) (number >> 8);
            name[1] = (byte) number;
            Bytes key = Bytes.copyOf(name);
            redis.store().write(transaction -> {
                transaction.set(key, Bytes.EMPTY);
                return key;
            });
        }

        assertThat(redis.run("KEYS *")).startsWith("(error) ERR keys: more match than fit into one reply");
        assertThat(((Reply.Array) redis.reply(
                                new Arguments(List.of(Bytes.utf8("KEYS"), Bytes.wrap(new byte[] {0, '*'})))))
                        .elements())
                .hasSize(256);
    }

    // SCAN

    @Test
    void scan_keyspace_findsEveryKeyOnce() {
        expect("SCAN 0", "[\"0\", []]");
        setMany(95);

        Scanned scanned = scan("");

        assertThat(scanned.keys()).hasSize(95).doesNotHaveDuplicates();
        assertThat(scanned.replies()).isEqualTo(10);
        assertThat(scan(" COUNT 1000").replies()).isEqualTo(1);
        assertThat(scan(" COUNT 9223372036854775807").keys()).hasSize(95);
        assertThat(scan(" count 7").keys()).hasSize(95);
    }

    @Test
    void scan_hugeCount_comesInSeveralReplies() {
        setMany(2_500);

        assertThat(scan(" COUNT 1000000").replies()).isEqualTo(3);
    }

    @Test
    void scan_match_looksOnlyWhereKeysCanBe() {
        setMany(50);
        set("user:1", "user:2", "other");

        Scanned scanned = scan(" MATCH user:*");

        assertThat(scanned.keys()).containsExactly("user:1", "user:2");
        assertThat(scanned.replies()).isEqualTo(1);
        assertThat(scan(" MATCH *:1").keys()).containsExactly("key:1", "user:1");
        assertThat(scan(" match none").keys()).isEmpty();
    }

    @Test
    void scan_type_findsKeysOfIt() {
        set("s");
        redis.store().write(transaction -> {
            transaction.assign(Bytes.utf8("z"), DataType.SORTED_SET, Bytes.utf8("m"), Bytes.utf8("1"));
            return transaction;
        });

        assertThat(scan(" TYPE string").keys()).containsExactly("s");
        assertThat(scan(" TYPE ZSET COUNT 5 MATCH *").keys()).containsExactly("z");
        assertThat(scan(" TYPE hash").keys()).isEmpty();
        assertThat(scan(" TYPE bogus").keys()).isEmpty();
    }

    @Test
    void scan_keysWrittenMeanwhile_disturbNoOthers() {
        setMany(40);
        Reply.Array first = (Reply.Array) reply("SCAN 0");
        String cursor = text(first.elements().getFirst());
        Set<String> found = new HashSet<>();
        ((Reply.Array) first.elements().getLast()).elements().forEach(key -> found.add(text(key)));

        found.forEach(key -> redis.run("DEL " + key));
        set("a", "zzz");
        while (!cursor.equals("0")) {
            Reply.Array next = (Reply.Array) reply("SCAN " + cursor);
            cursor = text(next.elements().getFirst());
            ((Reply.Array) next.elements().getLast()).elements().forEach(key -> found.add(text(key)));
        }

        assertThat(found).hasSize(41).contains("zzz").doesNotContain("a");
    }

    @Test
    void scan_sameCursorTwice_goesOnFromTheSamePlace() {
        setMany(30);
        String cursor = text(((Reply.Array) reply("SCAN 0")).elements().getFirst());

        Reply.Array once = (Reply.Array) reply("SCAN " + cursor);
        Reply.Array again = (Reply.Array) reply("SCAN " + cursor);

        assertThat(again.elements().getLast()).isEqualTo(once.elements().getLast());
    }

    @Test
    void scan_badWords_areRefused() {
        expect("SCAN", "(error) ERR wrong number of arguments for 'scan' command");
        for (String cursor : new String[] {"abc", "-1", "1.5", "12345", "99999999999999999999"}) {
            expect("SCAN " + cursor, "(error) ERR invalid cursor");
        }
        expect("SCAN 0 COUNT 0", "(error) ERR syntax error");
        expect("SCAN 0 COUNT -5", "(error) ERR syntax error");
        expect("SCAN 0 COUNT x", "(error) ERR value is not an integer or out of range");
        expect("SCAN 0 COUNT", "(error) ERR syntax error");
        expect("SCAN 0 BOGUS", "(error) ERR syntax error");
        expect("SCAN 0 BOGUS 1", "(error) ERR syntax error");
    }

    @Test
    void scan_cursorThatWasForgotten_isRefused() {
        ScanCursors few = new ScanCursors(300);
        RedisShell small = new RedisShell("a", few);
        IntStream.range(0, 30).forEach(number -> small.run("SET k" + number + " v"));
        String first = cursorOf(small.run("SCAN 0"));
        String second = cursorOf(small.run("SCAN 0"));
        String third = cursorOf(small.run("SCAN 0"));

        assertThat(small.run("SCAN " + first)).isEqualTo("(error) ERR invalid cursor");
        assertThat(small.run("SCAN " + third)).startsWith("[");
        assertThat(second).isNotEqualTo(third);
    }

    private static String cursorOf(String shown) {
        return shown.substring(2, shown.indexOf('"', 2));
    }

    // Others

    @Test
    void dbsize_keys_areCounted() {
        expect("DBSIZE", "(integer) 0");
        setMany(3);
        expect("DBSIZE", "(integer) 3");
        expect("DBSIZE x", "(error) ERR wrong number of arguments for 'dbsize' command");
    }

    @Test
    void randomkey_emptyStore_isNil() {
        expect("RANDOMKEY", "(nil)");
        redis.run("SET k v PX 10");
        redis.store().advance(10);
        expect("RANDOMKEY", "(nil)");
    }

    @Test
    void randomkey_keys_areAllPickedSometimes() {
        set("a", "ab", "abc", "abd", "b:1", "b:2", "c\u00ff");
        redis.runWords("SET", "", "v");
        redis.run("SET bx v PX 10");
        redis.store().advance(10);
        Random random = new Random(1);
        Set<String> picked = new TreeSet<>();

        for (int times = 0; times < 1_000; times++) {
            picked.add(String.valueOf(RandomKey.of(redis.store(), random::nextInt)));
        }

        assertThat(picked).containsExactly("", "a", "ab", "abc", "abd", "b:1", "b:2", "c\u00ff");
        assertThat(redis.run("RANDOMKEY")).startsWith("\"");
    }

    @Test
    void randomkey_oneLongKey_isFoundAtOnce() {
        String name = "k".repeat(60_000);
        set(name);

        expect("RANDOMKEY", "\"" + name + "\"");
    }

    @Test
    void flush_keys_goInSeveralUpdates() {
        setMany(2_500);
        int before = redis.store().updates().size();

        expect("FLUSHALL", "OK");

        assertThat(redis.store().keys()).isZero();
        assertThat(redis.store().updates()).hasSize(before + 3);
        assertThat(redis.session().clock()).isEqualTo(redis.store().clock());
        assertThat(redis.session().lastWrite())
                .isEqualTo(redis.store().updates().getLast().dot());
    }

    @Test
    void flush_countersThatFillAnUpdate_goOneByOne() {
        String field = "f".repeat(900);
        for (String key : new String[] {"a", "b"}) {
            for (int part = 0; part < 2; part++) {
                int from = part * 400;
                redis.store().write(transaction -> {
                    IntStream.range(from, from + 400)
                            .forEach(number -> transaction.increment(
                                    Bytes.utf8(key), DataType.HASH, Bytes.utf8(field + number), BigDecimal.ONE));
                    return key;
                });
            }
        }

        expect("FLUSHDB", "OK");

        assertThat(redis.store().keys()).isZero();
        assertThat(redis.store().updates()).hasSize(6);
    }

    @Test
    void flush_keysThatHaveExpired_countNoMore() {
        setMany(3);
        expect("SET gone v PX 30", "OK");
        redis.store().advance(31);
        expect("GET gone", "(nil)");
        expect("DBSIZE", "(integer) 4");

        expect("FLUSHALL", "OK");

        expect("DBSIZE", "(integer) 0");
    }

    @Test
    void flush_words_areThoseOfRedis() {
        setMany(3);
        expect("FLUSHALL BOGUS", "(error) ERR syntax error");
        expect("FLUSHALL SYNC ASYNC", "(error) ERR syntax error");
        expect("DBSIZE", "(integer) 3");
        expect("FLUSHALL ASYNC", "OK");
        expect("DBSIZE", "(integer) 0");
        expect("FLUSHDB sync", "OK");
        expect("flushdb", "OK");
    }

    @Test
    void reads_ofTheKeyspace_arePartOfWhatTheSessionSaw() {
        for (String line : new String[] {"SCAN 0", "KEYS *", "DBSIZE", "RANDOMKEY"}) {
            redis.store().write(transaction -> {
                transaction.set(Bytes.utf8("k"), Bytes.utf8("v"));
                return transaction;
            });
            redis.run(line);
            assertThat(redis.session().clock()).as(line).isEqualTo(redis.store().clock());
        }
    }
}
