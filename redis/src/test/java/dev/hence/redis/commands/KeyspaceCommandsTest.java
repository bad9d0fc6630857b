package dev.hence.redis.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.node.config.Limits;
import dev.hence.redis.node.SharedState;
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

final class KeyspaceCommandsTest extends CommandsTest {

    private static final int UPDATE_BYTES_MAX = 1 << 20;

    @Override
    Limits limits() {
        return updatesOf(UPDATE_BYTES_MAX);
    }

    @Override
    boolean needsFreshNode() {
        return true;
    }

    private void set(String... keys) {
        Arrays.stream(keys).forEach(key -> client.run("SET " + key + " v"));
    }

    private void setMany(int count) {
        node.write(transaction -> {
            IntStream.range(0, count).forEach(number -> transaction.set(Bytes.utf8("key:" + number), Bytes.utf8("v")));
            return transaction;
        });
    }

    /** The keys found by a whole scan, in order, and the number of its replies. */
    private record Scanned(List<String> keys, int replies) {}

    private Scanned scan(String options) {
        List<String> keys = new ArrayList<>();
        String cursor = "0";
        int replies = 0;
        do {
            List<?> reply = values("SCAN " + cursor + options);
            cursor = cursor(reply);
            keys.addAll(page(reply));
            replies++;
        } while (!cursor.equals("0"));
        return new Scanned(keys, replies);
    }

    private static String cursor(List<?> reply) {
        return String.valueOf(reply.getFirst());
    }

    private static List<String> page(List<?> reply) {
        return ((List<?>) reply.getLast()).stream().map(String::valueOf).toList();
    }

    // KEYS

    @Test
    void keys_pattern_findsThoseThatMatch() {
        expect("KEYS *", "*0");
        set("hello", "hallo", "hxllo", "heello", "other");
        expect("KEYS h?llo", "*3 $5 hallo $5 hello $5 hxllo");
        expect("KEYS h[ae]llo", "*2 $5 hallo $5 hello");
        expect("KEYS h*llo", "*4 $5 hallo $6 heello $5 hello $5 hxllo");
        expect("KEYS other", "*1 $5 other");
        expect("KEYS none*", "*0");
        expect("KEYS *e*", "*3 $6 heello $5 hello $5 other");
    }

    @Test
    void keys_moreThanAPage_areAllFound() {
        setMany(2_500);

        assertThat(values("KEYS key:*")).hasSize(2_500);
        assertThat(values("KEYS *9")).hasSize(250);
    }

    @Test
    void keys_expiredOnes_areNotAmongThem() {
        set("a");
        client.run("SET b v PX 10");
        node.advance(10);

        expect("KEYS *", "*1 $1 a");
        expect("DBSIZE", ":2");
    }

    @Test
    void keys_moreThanFitIntoAReply_areRefused() {
        byte[] name = new byte[65_000];
        int count = (int) (KeyspaceCommands.KEYS_BYTES_MAX / name.length) + 1;
        for (int number = 0; number < count; number++) {
            name[0] = (byte) (number >> 8);
            name[1] = (byte) number;
            Bytes key = Bytes.copyOf(name);
            node.write(transaction -> {
                transaction.set(key, Bytes.EMPTY);
                return key;
            });
        }

        assertThat(client.run("KEYS *")).startsWith("-ERR keys: more match than fit into one reply");
        assertThat(values("KEYS \0*")).hasSize(256);
    }

    // SCAN

    @Test
    void scan_keyspace_findsEveryKeyOnce() {
        expect("SCAN 0", "*2 $1 0 *0");
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
        node.write(transaction -> {
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
        List<?> first = values("SCAN 0");
        String cursor = cursor(first);
        Set<String> found = new HashSet<>(page(first));

        found.forEach(key -> client.run("DEL " + key));
        set("a", "zzz");
        while (!cursor.equals("0")) {
            List<?> next = values("SCAN " + cursor);
            cursor = cursor(next);
            found.addAll(page(next));
        }

        assertThat(found).hasSize(41).contains("zzz").doesNotContain("a");
    }

    @Test
    void scan_sameCursorTwice_goesOnFromTheSamePlace() {
        setMany(30);
        String cursor = cursor(values("SCAN 0"));

        List<?> once = values("SCAN " + cursor);
        List<?> again = values("SCAN " + cursor);

        assertThat(page(again)).isEqualTo(page(once)).isNotEmpty();
    }

    @Test
    void scan_badWords_areRefused() {
        expect("SCAN", "-ERR wrong number of arguments for 'scan' command");
        for (String cursor : new String[] {"abc", "-1", "1.5", "12345", "99999999999999999999"}) {
            expect("SCAN " + cursor, "-ERR invalid cursor");
        }
        expect("SCAN 0 COUNT 0", "-ERR syntax error");
        expect("SCAN 0 COUNT -5", "-ERR syntax error");
        expect("SCAN 0 COUNT x", "-ERR value is not an integer or out of range");
        expect("SCAN 0 COUNT", "-ERR syntax error");
        expect("SCAN 0 BOGUS", "-ERR syntax error");
        expect("SCAN 0 BOGUS 1", "-ERR syntax error");
    }

    @Test
    void scan_cursorThatWasForgotten_isRefused() {
        // The stored cursor of a scan takes more than the length of the key that the scan has reached.
        String name = "k".repeat(60_000);
        int remembered = (int) (SharedState.SCAN_CURSOR_BYTES_MAX / name.length());
        IntStream.range(0, 30).forEach(number -> client.run("SET " + name + number + " v"));
        String first = cursor(values("SCAN 0"));
        String second = first;
        for (int scans = 0; scans < remembered; scans++) {
            second = cursor(values("SCAN 0"));
        }

        assertThat(client.run("SCAN " + first)).isEqualTo("-ERR invalid cursor");
        assertThat(values("SCAN " + second)).hasSize(2);
        assertThat(second).isNotEqualTo(first);
    }

    // Other commands

    @Test
    void dbsize_keys_areCounted() {
        expect("DBSIZE", ":0");
        setMany(3);
        expect("DBSIZE", ":3");
        expect("DBSIZE x", "-ERR wrong number of arguments for 'dbsize' command");
    }

    @Test
    void randomkey_emptyStore_isNil() {
        expect("RANDOMKEY", "$-1");
        client.run("SET k v PX 10");
        node.advance(10);
        expect("RANDOMKEY", "$-1");
    }

    @Test
    void randomkey_keys_areAllPickedSometimes() {
        set("a", "ab", "abc", "abd", "b:1", "b:2", "c\u00ff");
        client.runWords("SET", "", "v");
        client.run("SET bx v PX 10");
        node.advance(10);
        Random random = new Random(1);
        Set<String> picked = new TreeSet<>();

        for (int times = 0; times < 1_000; times++) {
            picked.add(String.valueOf(RandomKey.of(node.node(), random::nextInt)));
        }

        assertThat(picked).containsExactly("", "a", "ab", "abc", "abd", "b:1", "b:2", "c\u00ff");
        assertThat(client.run("RANDOMKEY")).startsWith("$").isNotEqualTo("$-1");
    }

    @Test
    void randomkey_oneLongKey_isFoundAtOnce() {
        String name = "k".repeat(60_000);
        set(name);

        expect("RANDOMKEY", "$60000 " + name);
    }

    @Test
    void flush_keys_goInSeveralUpdates() {
        setMany(2_500);
        int before = node.updates().size();

        expect("FLUSHALL", "+OK");

        assertThat(node.node().keys()).isZero();
        assertThat(node.updates()).hasSize(before + 3);
        assertThat(client.session().clock()).isEqualTo(node.node().clock());
        assertThat(client.session().lastWrite())
                .isEqualTo(node.updates().getLast().dot());
    }

    @Test
    void flush_countersThatFillAnUpdate_goOneByOne() {
        String field = "f".repeat(900);
        for (String key : new String[] {"a", "b"}) {
            for (int part = 0; part < 2; part++) {
                int from = part * 400;
                node.write(transaction -> {
                    IntStream.range(from, from + 400)
                            .forEach(number -> transaction.increment(
                                    Bytes.utf8(key), DataType.HASH, Bytes.utf8(field + number), BigDecimal.ONE));
                    return key;
                });
            }
        }

        expect("FLUSHDB", "+OK");

        assertThat(node.node().keys()).isZero();
        assertThat(node.updates()).hasSize(6);
    }

    @Test
    void flush_keysThatHaveExpired_countNoMore() {
        setMany(3);
        expect("SET gone v PX 30", "+OK");
        node.advance(31);
        expect("GET gone", "$-1");
        expect("DBSIZE", ":4");

        expect("FLUSHALL", "+OK");

        expect("DBSIZE", ":0");
    }

    @Test
    void flush_words_areThoseOfRedis() {
        setMany(3);
        expect("FLUSHALL BOGUS", "-ERR syntax error");
        expect("FLUSHALL SYNC ASYNC", "-ERR syntax error");
        expect("DBSIZE", ":3");
        expect("FLUSHALL ASYNC", "+OK");
        expect("DBSIZE", ":0");
        expect("FLUSHDB sync", "+OK");
        expect("flushdb", "+OK");
    }

    @Test
    void reads_ofTheKeyspace_arePartOfWhatTheSessionSaw() {
        for (String line : new String[] {"SCAN 0", "KEYS *", "DBSIZE", "RANDOMKEY"}) {
            node.write(transaction -> {
                transaction.set(Bytes.utf8("k"), Bytes.utf8("v"));
                return transaction;
            });
            client.run(line);
            assertThat(client.session().clock()).as(line).isEqualTo(node.node().clock());
        }
    }
}
