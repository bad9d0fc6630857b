package dev.hence.redis.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.node.config.Limits;
import dev.hence.redis.DirectClient;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class StringCommandsTest extends CommandsTest {

    private static final int UPDATE_BYTES_MAX = 1 << 20;

    private static final String SYNTAX = "-ERR syntax error";
    private static final String NOT_AN_INTEGER = "-ERR value is not an integer or out of range";
    private static final String WRONG_TYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value";

    @Override
    Limits limits() {
        return updatesOf(UPDATE_BYTES_MAX);
    }

    private void expect(String line, String reply) {
        assertThat(client.run(line)).as(line).isEqualTo(reply);
    }

    private void makeHash() {
        node.write(transaction -> {
            transaction.assign(bytes("hash"), DataType.HASH, bytes("field"), bytes("value"));
            return transaction;
        });
    }

    private static Bytes bytes(String text) {
        return Bytes.utf8(text);
    }

    // GET, SET

    @Test
    void mget_moreThanOneReplyHolds_isRefused() {
        client.runWords("SET", "k", "x".repeat(1_000_000));

        assertThat(client.run("MGET" + " k".repeat(60))).startsWith("*60 $1000000 xxx");
        assertThat(client.run("MGET" + " k".repeat(70))).startsWith("-ERR reply: more elements than fit");
    }

    @Test
    void get_absentAndPresent_isNilAndValue() {
        expect("GET k", "$-1");
        expect("SET k v", "+OK");
        expect("GET k", "$1 v");
        expect("get k", "$1 v");
        client.runWords("SET", "k", "with\r\nlines\0");
        expect("GET k", "$12 with\r\nlines\0");
    }

    @Test
    void commands_otherType_areRefused() {
        makeHash();

        for (String line : new String[] {
            "GET hash",
            "STRLEN hash",
            "GETRANGE hash 0 1",
            "GETSET hash v",
            "GETDEL hash",
            "GETEX hash",
            "GETEX hash EX 10",
            "SET hash v GET",
            "SET hash v NX GET",
            "APPEND hash v",
            "SETRANGE hash 1 v",
            "SETRANGE hash 0 \"\"",
            "INCR hash",
            "DECR hash",
            "INCRBY hash 1",
            "DECRBY hash 1",
            "INCRBYFLOAT hash 1"
        }) {
            expect(line, WRONG_TYPE);
        }
        expect("TYPE hash", "+hash");
        expect("MGET hash", "*1 $-1");
        expect("SET hash v NX", "$-1");
        expect("SETNX hash v", ":0");
        expect("SET hash v XX", "+OK");
        expect("GET hash", "$1 v");
    }

    @Test
    void commands_wrongNumberOfWords_areRefused() {
        for (String line : new String[] {
            "GET",
            "GET a b",
            "SET a",
            "SETNX a",
            "SETEX a 1",
            "PSETEX a 1",
            "GETSET a",
            "GETEX",
            "GETDEL",
            "MGET",
            "MSET a",
            "MSET a 1 b",
            "MSETNX a 1 b",
            "APPEND a",
            "STRLEN",
            "GETRANGE a 0",
            "SUBSTR a 0",
            "SETRANGE a 0",
            "INCR",
            "INCRBY a",
            "DECR a b",
            "DECRBY a",
            "INCRBYFLOAT a"
        }) {
            String name = line.split(" ", -1)[0].toLowerCase(Locale.ROOT);
            expect(line, "-ERR wrong number of arguments for '" + name + "' command");
        }
    }

    @Test
    void set_conditions_decideWhetherItIsDone() {
        expect("SET k 1 XX", "$-1");
        expect("GET k", "$-1");
        expect("SET k 1 NX", "+OK");
        expect("SET k 2 NX", "$-1");
        expect("GET k", "$1 1");
        expect("SET k 2 xx", "+OK");
        expect("GET k", "$1 2");
    }

    @Test
    void set_get_answersWhatWasThere() {
        expect("SET k 1 GET", "$-1");
        expect("SET k 2 GET", "$1 1");
        expect("SET k 3 NX GET", "$1 2");
        expect("GET k", "$1 2");
        expect("SET k 3 GET XX", "$1 2");
        expect("GET k", "$1 3");
        expect("SET other 1 XX GET", "$-1");
        expect("GET other", "$-1");
        expect("SET other 1 NX GET", "$-1");
        expect("GET other", "$1 1");
    }

    @Test
    void set_deadlines_areOfAllKinds() {
        long nowSeconds = node.nowMillis() / 1_000;
        expect("SET k v EX 10", "+OK");
        expect("PTTL k", ":10000");
        expect("SET k v px 1500", "+OK");
        expect("PTTL k", ":1500");
        expect("SET k v EXAT " + (nowSeconds + 7), "+OK");
        expect("PTTL k", ":7000");
        expect("SET k v PXAT " + (node.nowMillis() + 42), "+OK");
        expect("PTTL k", ":42");
        expect("SET k w KEEPTTL", "+OK");
        expect("PTTL k", ":42");
        expect("SET k v EX 10 NX", "$-1");
        expect("PTTL k", ":42");
        expect("SET k v", "+OK");
        expect("TTL k", ":-1");
        expect("SET k v KEEPTTL", "+OK");
        expect("TTL k", ":-1");
        expect("SET k v PXAT 9223372036854775807", "+OK");
        expect("GET k", "$1 v");
    }

    @Test
    void set_deadlineThatHasPassed_removesTheKey() {
        expect("SET k v", "+OK");
        expect("SET k w PXAT 1", "+OK");
        expect("EXISTS k", ":0");
        expect("SET k v EXAT 1 GET", "$-1");
        expect("EXISTS k", ":0");
    }

    @Test
    void set_expiredKey_isNoMore() {
        expect("SET k v PX 100", "+OK");
        node.advance(100);
        expect("GET k", "$-1");
        expect("SET k w KEEPTTL", "+OK");
        expect("TTL k", ":-1");
    }

    @Test
    void set_badOptions_areRefused() {
        for (String options : new String[] {
            "NX XX",
            "XX NX",
            "EX",
            "PX",
            "EX 10 PX 10",
            "PX 10 EXAT 10",
            "EXAT 10 PXAT 10",
            "EX 10 KEEPTTL",
            "KEEPTTL PX 10",
            "PERSIST",
            "BOGUS",
            "NX 10",
            "GET GETT"
        }) {
            expect("SET k v " + options, SYNTAX);
        }
        for (String expiry : new String[] {"EX", "PX", "EXAT", "PXAT"}) {
            expect("SET k v " + expiry + " abc", NOT_AN_INTEGER);
            expect("SET k v " + expiry + " 1.5", NOT_AN_INTEGER);
            expect("SET k v " + expiry + " 0", "-ERR invalid expire time in 'set' command");
            expect("SET k v " + expiry + " -1", "-ERR invalid expire time in 'set' command");
        }
        for (String expiry : new String[] {"EX", "PX", "EXAT"}) {
            expect("SET k v " + expiry + " 9223372036854775807", "-ERR invalid expire time in 'set' command");
        }
        expect("SET k v EX 9223372036854775", "-ERR invalid expire time in 'set' command");
        expect("EXISTS k", ":0");
        assertThat(node.updates()).isEmpty();
    }

    @Test
    void setnx_key_isAssignedOnce() {
        expect("SETNX k 1", ":1");
        expect("SETNX k 2", ":0");
        expect("GET k", "$1 1");
    }

    @Test
    void setex_key_expires() {
        expect("SETEX k 10 v", "+OK");
        expect("TTL k", ":10");
        expect("GET k", "$1 v");
        expect("SETEX k 0 v", "-ERR invalid expire time in 'setex' command");
        expect("SETEX k -5 v", "-ERR invalid expire time in 'setex' command");
        expect("SETEX k 9223372036854775807 v", "-ERR invalid expire time in 'setex' command");
        expect("SETEX k x v", NOT_AN_INTEGER);
        expect("PSETEX k 1500 v", "+OK");
        expect("PTTL k", ":1500");
        expect("PSETEX k 0 v", "-ERR invalid expire time in 'psetex' command");
        expect("PSETEX k x v", NOT_AN_INTEGER);
    }

    @Test
    void getset_key_swapsAndEndsTheDeadline() {
        expect("GETSET k 1", "$-1");
        expect("EXPIRE k 10", ":1");
        expect("GETSET k 2", "$1 1");
        expect("GET k", "$1 2");
        expect("TTL k", ":-1");
    }

    @Test
    void getdel_key_goes() {
        expect("GETDEL k", "$-1");
        expect("SET k v", "+OK");
        expect("GETDEL k", "$1 v");
        expect("EXISTS k", ":0");
    }

    @Test
    void getex_options_changeTheDeadline() {
        long nowSeconds = node.nowMillis() / 1_000;
        expect("GETEX k EX 10", "$-1");
        expect("GETEX k EX abc", "$-1");
        expect("SET k v", "+OK");
        expect("GETEX k", "$1 v");
        expect("TTL k", ":-1");
        expect("GETEX k EX 10", "$1 v");
        expect("PTTL k", ":10000");
        expect("GETEX k", "$1 v");
        expect("PTTL k", ":10000");
        expect("GETEX k px 5", "$1 v");
        expect("PTTL k", ":5");
        expect("GETEX k EXAT " + (nowSeconds + 3), "$1 v");
        expect("PTTL k", ":3000");
        expect("GETEX k PXAT " + (node.nowMillis() + 9), "$1 v");
        expect("PTTL k", ":9");
        expect("GETEX k PERSIST", "$1 v");
        expect("TTL k", ":-1");
        expect("GETEX k PXAT 1", "$1 v");
        expect("EXISTS k", ":0");
    }

    @Test
    void getex_badOptions_areRefused() {
        expect("SET k v", "+OK");
        for (String options :
                new String[] {"EX", "EX 10 PX 10", "EX 10 PERSIST", "PERSIST EX 10", "KEEPTTL", "NX", "GET", "BOGUS 1"
                }) {
            expect("GETEX k " + options, SYNTAX);
        }
        expect("GETEX k EX abc", NOT_AN_INTEGER);
        expect("GETEX k EX 0", "-ERR invalid expire time in 'getex' command");
        expect("GETEX k PX -1", "-ERR invalid expire time in 'getex' command");
        expect("TTL k", ":-1");
    }

    // Several keys

    @Test
    void mset_pairs_areAssignedTogether() {
        expect("MSET a 1 b 2 a 3", "+OK");
        expect("MGET a b c a", "*4 $1 3 $1 2 $-1 $1 3");
        assertThat(node.updates()).hasSize(1);
    }

    @Test
    void msetnx_oneIsThere_assignsNone() {
        expect("MSETNX a 1 b 2", ":1");
        expect("MSETNX b 3 c 4", ":0");
        expect("MGET a b c", "*3 $1 1 $1 2 $-1");
        expect("MSETNX d 1 d 2", ":1");
        expect("GET d", "$1 2");
    }

    // Parts

    @Test
    void append_bytes_growTheString() {
        expect("APPEND k ab", ":2");
        expect("APPEND k cd", ":4");
        expect("APPEND k \"\"", ":4");
        expect("GET k", "$4 abcd");
        expect("APPEND e \"\"", ":0");
        expect("EXISTS e", ":1");
        expect("GET e", "$0 ");
    }

    @Test
    void append_deadline_stays() {
        expect("SET k v EX 10", "+OK");
        expect("APPEND k w", ":2");
        expect("SETRANGE k 0 x", ":2");
        expect("INCRBY n 5", ":5");
        expect("EXPIRE n 10", ":1");
        expect("INCR n", ":6");
        expect("INCRBYFLOAT n 0.5", "$3 6.5");
        expect("TTL k", ":10");
        expect("TTL n", ":10");
    }

    @Test
    void strlen_string_isItsBytes() {
        expect("STRLEN k", ":0");
        expect("SET k hello", "+OK");
        expect("STRLEN k", ":5");
    }

    @Test
    void getrange_places_countFromBothEnds() {
        expect("SET k This-is-a-string", "+OK");
        for (String name : new String[] {"GETRANGE", "SUBSTR"}) {
            expect(name + " k 0 3", "$4 This");
            expect(name + " k -3 -1", "$3 ing");
            expect(name + " k 0 -1", "$16 This-is-a-string");
            expect(name + " k 10 100", "$6 string");
            expect(name + " k 5 3", "$0 ");
            expect(name + " k -1 -5", "$0 ");
            expect(name + " k -100 3", "$4 This");
            expect(name + " k 20 30", "$0 ");
            expect(name + " none 0 -1", "$0 ");
            expect(name + " k a 1", NOT_AN_INTEGER);
            expect(name + " k 0 1.5", NOT_AN_INTEGER);
        }
    }

    @Test
    void setrange_offsets_areFilledWithZeros() {
        expect("SETRANGE k 2 ab", ":4");
        expect("GET k", "$4 \0\0ab");
        expect("SETRANGE k 1 x", ":4");
        expect("GET k", "$4 \0xab");
        expect("SETRANGE none 5 \"\"", ":0");
        expect("EXISTS none", ":0");
        expect("SETRANGE k 100 \"\"", ":4");
        expect("SETRANGE k -1 x", "-ERR offset is out of range");
        expect("SETRANGE k x x", NOT_AN_INTEGER);
    }

    @Test
    void setrange_tooFar_isRefused() {
        String tooLong = "-ERR string exceeds maximum allowed size (proto-max-bulk-len)";
        expect("SETRANGE k 536870912 x", tooLong);
        expect("SETRANGE k 9223372036854775807 x", tooLong);
        expect("SETRANGE k " + UPDATE_BYTES_MAX + " x", tooLong);
        expect("SETRANGE k " + (UPDATE_BYTES_MAX - 34) + " x", ":1048543");
        expect("APPEND k x", tooLong);
        expect("STRLEN k", ":1048543");
    }

    // Numbers

    @Test
    void incr_numbers_count() {
        expect("INCR n", ":1");
        expect("INCRBY n 41", ":42");
        expect("DECR n", ":41");
        expect("DECRBY n 50", ":-9");
        expect("DECRBY n -10", ":1");
        expect("INCRBY n -1", ":0");
        expect("GET n", "$1 0");
        expect("SET n 10", "+OK");
        expect("INCR n", ":11");
    }

    @Test
    void incr_noInteger_isRefused() {
        expect("SET k abc", "+OK");
        expect("INCR k", "-ERR value is not an integer or out of range");
        expect("SET k 1.5", "+OK");
        expect("INCR k", "-ERR value is not an integer or out of range");
        expect("SET k 10", "+OK");
        expect("INCRBY k abc", NOT_AN_INTEGER);
        expect("INCRBY k 1.5", NOT_AN_INTEGER);
        expect("DECRBY k 9223372036854775808", NOT_AN_INTEGER);
        expect("GET k", "$2 10");
    }

    @Test
    void incr_overflow_isRefused() {
        expect("SET k 9223372036854775807", "+OK");
        expect("INCR k", "-ERR increment or decrement would overflow");
        expect("SET k -9223372036854775808", "+OK");
        expect("DECR k", "-ERR increment or decrement would overflow");
        expect("DECRBY k -9223372036854775808", "-ERR decrement would overflow");
        expect("DECRBY k -9223372036854775807", ":-1");
    }

    @Test
    void incrbyfloat_numbers_areAddedExactly() {
        expect("SET k 10.50", "+OK");
        expect("INCRBYFLOAT k 0.1", "$4 10.6");
        expect("INCRBYFLOAT k -5", "$3 5.6");
        expect("SET k 5.0e3", "+OK");
        expect("INCRBYFLOAT k 2.0e2", "$4 5200");
        expect("INCRBYFLOAT new 3", "$1 3");
        expect("INCR new", ":4");
        expect("INCRBYFLOAT new 1.5", "$3 5.5");
        expect("INCR new", "-ERR value is not an integer or out of range");
    }

    @Test
    void incrbyfloat_noNumber_isRefused() {
        expect("SET k abc", "+OK");
        expect("INCRBYFLOAT k 1", "-ERR value is not a valid float");
        expect("SET k 1", "+OK");
        expect("INCRBYFLOAT k abc", "-ERR value is not a valid float");
        expect("INCRBYFLOAT k nan", "-ERR value is not a valid float");
        expect("INCRBYFLOAT k inf", "-ERR increment would produce NaN or Infinity");
        expect("INCRBYFLOAT k 1e30", "-ERR increment would produce NaN or Infinity");
        expect("GET k", "$1 1");
    }

    // On two nodes

    @Test
    void writes_atTwoNodes_comeTogetherAsDeclared() {
        DirectClient other = there();
        expect("MSET n 10 s x", "+OK");
        far().follow(node);

        expect("INCR n", ":11");
        expect("APPEND s a", ":2");
        expect("SET lock mine NX", "+OK");
        far().advance(1);
        assertThat(other.run("INCRBY n 5")).isEqualTo(":15");
        assertThat(other.run("APPEND s b")).isEqualTo(":2");
        assertThat(other.run("SET lock theirs NX")).isEqualTo("+OK");
        node.follow(far());
        far().follow(node);

        for (DirectClient each : new DirectClient[] {client, other}) {
            assertThat(each.run("MGET n s lock")).isEqualTo("*3 $2 16 $2 xb $6 theirs");
        }
    }
}
