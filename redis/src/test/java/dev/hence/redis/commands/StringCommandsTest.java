package dev.hence.redis.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class StringCommandsTest {

    private static final String SYNTAX = "(error) ERR syntax error";
    private static final String NOT_AN_INTEGER = "(error) ERR value is not an integer or out of range";
    private static final String WRONG_TYPE = "(error) WRONGTYPE";

    private final RedisShell redis = new RedisShell("a");

    private void expect(String line, String reply) {
        assertThat(redis.run(line)).as(line).isEqualTo(reply);
    }

    private void makeHash() {
        redis.store().write(transaction -> {
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
        redis.runWords("SET", "k", "x".repeat(1_000_000));

        assertThat(redis.run("MGET" + " k".repeat(60))).startsWith("[\"xxx");
        assertThat(redis.run("MGET" + " k".repeat(70))).startsWith("(error) ERR reply: more elements than fit");
    }

    @Test
    void get_absentAndPresent_isNilAndValue() {
        expect("GET k", "(nil)");
        expect("SET k v", "OK");
        expect("GET k", "\"v\"");
        expect("get k", "\"v\"");
        redis.runWords("SET", "k", "with\r\nlines\0");
        expect("GET k", "\"with\\x0d\\x0alines\\x00\"");
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
        expect("TYPE hash", "hash");
        expect("MGET hash", "[(nil)]");
        expect("SET hash v NX", "(nil)");
        expect("SETNX hash v", "(integer) 0");
        expect("SET hash v XX", "OK");
        expect("GET hash", "\"v\"");
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
            expect(line, "(error) ERR wrong number of arguments for '" + name + "' command");
        }
    }

    @Test
    void set_conditions_decideWhetherItIsDone() {
        expect("SET k 1 XX", "(nil)");
        expect("GET k", "(nil)");
        expect("SET k 1 NX", "OK");
        expect("SET k 2 NX", "(nil)");
        expect("GET k", "\"1\"");
        expect("SET k 2 xx", "OK");
        expect("GET k", "\"2\"");
    }

    @Test
    void set_get_answersWhatWasThere() {
        expect("SET k 1 GET", "(nil)");
        expect("SET k 2 GET", "\"1\"");
        expect("SET k 3 NX GET", "\"2\"");
        expect("GET k", "\"2\"");
        expect("SET k 3 GET XX", "\"2\"");
        expect("GET k", "\"3\"");
        expect("SET other 1 XX GET", "(nil)");
        expect("GET other", "(nil)");
        expect("SET other 1 NX GET", "(nil)");
        expect("GET other", "\"1\"");
    }

    @Test
    void set_deadlines_areOfAllKinds() {
        long nowSeconds = MemoryStore.BEGIN_MILLIS / 1_000;
        expect("SET k v EX 10", "OK");
        expect("PTTL k", "(integer) 10000");
        expect("SET k v px 1500", "OK");
        expect("PTTL k", "(integer) 1500");
        expect("SET k v EXAT " + (nowSeconds + 7), "OK");
        expect("PTTL k", "(integer) 7000");
        expect("SET k v PXAT " + (MemoryStore.BEGIN_MILLIS + 42), "OK");
        expect("PTTL k", "(integer) 42");
        expect("SET k w KEEPTTL", "OK");
        expect("PTTL k", "(integer) 42");
        expect("SET k v EX 10 NX", "(nil)");
        expect("PTTL k", "(integer) 42");
        expect("SET k v", "OK");
        expect("TTL k", "(integer) -1");
        expect("SET k v KEEPTTL", "OK");
        expect("TTL k", "(integer) -1");
        expect("SET k v PXAT 9223372036854775807", "OK");
        expect("GET k", "\"v\"");
    }

    @Test
    void set_deadlineThatHasPassed_removesTheKey() {
        expect("SET k v", "OK");
        expect("SET k w PXAT 1", "OK");
        expect("EXISTS k", "(integer) 0");
        expect("SET k v EXAT 1 GET", "(nil)");
        expect("EXISTS k", "(integer) 0");
    }

    @Test
    void set_expiredKey_isNoMore() {
        expect("SET k v PX 100", "OK");
        redis.store().advance(100);
        expect("GET k", "(nil)");
        expect("SET k w KEEPTTL", "OK");
        expect("TTL k", "(integer) -1");
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
            expect("SET k v " + expiry + " 0", "(error) ERR invalid expire time in 'set' command");
            expect("SET k v " + expiry + " -1", "(error) ERR invalid expire time in 'set' command");
        }
        for (String expiry : new String[] {"EX", "PX", "EXAT"}) {
            expect("SET k v " + expiry + " 9223372036854775807", "(error) ERR invalid expire time in 'set' command");
        }
        expect("SET k v EX 9223372036854775", "(error) ERR invalid expire time in 'set' command");
        expect("EXISTS k", "(integer) 0");
        assertThat(redis.store().updates()).isEmpty();
    }

    @Test
    void setnx_key_isAssignedOnce() {
        expect("SETNX k 1", "(integer) 1");
        expect("SETNX k 2", "(integer) 0");
        expect("GET k", "\"1\"");
    }

    @Test
    void setex_key_expires() {
        expect("SETEX k 10 v", "OK");
        expect("TTL k", "(integer) 10");
        expect("GET k", "\"v\"");
        expect("SETEX k 0 v", "(error) ERR invalid expire time in 'setex' command");
        expect("SETEX k -5 v", "(error) ERR invalid expire time in 'setex' command");
        expect("SETEX k 9223372036854775807 v", "(error) ERR invalid expire time in 'setex' command");
        expect("SETEX k x v", NOT_AN_INTEGER);
        expect("PSETEX k 1500 v", "OK");
        expect("PTTL k", "(integer) 1500");
        expect("PSETEX k 0 v", "(error) ERR invalid expire time in 'psetex' command");
        expect("PSETEX k x v", NOT_AN_INTEGER);
    }

    @Test
    void getset_key_swapsAndEndsTheDeadline() {
        expect("GETSET k 1", "(nil)");
        expect("EXPIRE k 10", "(integer) 1");
        expect("GETSET k 2", "\"1\"");
        expect("GET k", "\"2\"");
        expect("TTL k", "(integer) -1");
    }

    @Test
    void getdel_key_goes() {
        expect("GETDEL k", "(nil)");
        expect("SET k v", "OK");
        expect("GETDEL k", "\"v\"");
        expect("EXISTS k", "(integer) 0");
    }

    @Test
    void getex_options_changeTheDeadline() {
        long nowSeconds = MemoryStore.BEGIN_MILLIS / 1_000;
        expect("GETEX k EX 10", "(nil)");
        expect("GETEX k EX abc", "(nil)");
        expect("SET k v", "OK");
        expect("GETEX k", "\"v\"");
        expect("TTL k", "(integer) -1");
        expect("GETEX k EX 10", "\"v\"");
        expect("PTTL k", "(integer) 10000");
        expect("GETEX k", "\"v\"");
        expect("PTTL k", "(integer) 10000");
        expect("GETEX k px 5", "\"v\"");
        expect("PTTL k", "(integer) 5");
        expect("GETEX k EXAT " + (nowSeconds + 3), "\"v\"");
        expect("PTTL k", "(integer) 3000");
        expect("GETEX k PXAT " + (MemoryStore.BEGIN_MILLIS + 9), "\"v\"");
        expect("PTTL k", "(integer) 9");
        expect("GETEX k PERSIST", "\"v\"");
        expect("TTL k", "(integer) -1");
        expect("GETEX k PXAT 1", "\"v\"");
        expect("EXISTS k", "(integer) 0");
    }

    @Test
    void getex_badOptions_areRefused() {
        expect("SET k v", "OK");
        for (String options :
                new String[] {"EX", "EX 10 PX 10", "EX 10 PERSIST", "PERSIST EX 10", "KEEPTTL", "NX", "GET", "BOGUS 1"
                }) {
            expect("GETEX k " + options, SYNTAX);
        }
        expect("GETEX k EX abc", NOT_AN_INTEGER);
        expect("GETEX k EX 0", "(error) ERR invalid expire time in 'getex' command");
        expect("GETEX k PX -1", "(error) ERR invalid expire time in 'getex' command");
        expect("TTL k", "(integer) -1");
    }

    // Several keys

    @Test
    void mset_pairs_areAssignedTogether() {
        expect("MSET a 1 b 2 a 3", "OK");
        expect("MGET a b c a", "[\"3\", \"2\", (nil), \"3\"]");
        assertThat(redis.store().updates()).hasSize(1);
    }

    @Test
    void msetnx_oneIsThere_assignsNone() {
        expect("MSETNX a 1 b 2", "(integer) 1");
        expect("MSETNX b 3 c 4", "(integer) 0");
        expect("MGET a b c", "[\"1\", \"2\", (nil)]");
        expect("MSETNX d 1 d 2", "(integer) 1");
        expect("GET d", "\"2\"");
    }

    // Parts

    @Test
    void append_bytes_growTheString() {
        expect("APPEND k ab", "(integer) 2");
        expect("APPEND k cd", "(integer) 4");
        expect("APPEND k \"\"", "(integer) 4");
        expect("GET k", "\"abcd\"");
        expect("APPEND e \"\"", "(integer) 0");
        expect("EXISTS e", "(integer) 1");
        expect("GET e", "\"\"");
    }

    @Test
    void append_deadline_stays() {
        expect("SET k v EX 10", "OK");
        expect("APPEND k w", "(integer) 2");
        expect("SETRANGE k 0 x", "(integer) 2");
        expect("INCRBY n 5", "(integer) 5");
        expect("EXPIRE n 10", "(integer) 1");
        expect("INCR n", "(integer) 6");
        expect("INCRBYFLOAT n 0.5", "\"6.5\"");
        expect("TTL k", "(integer) 10");
        expect("TTL n", "(integer) 10");
    }

    @Test
    void strlen_string_isItsBytes() {
        expect("STRLEN k", "(integer) 0");
        expect("SET k hello", "OK");
        expect("STRLEN k", "(integer) 5");
    }

    @Test
    void getrange_places_countFromBothEnds() {
        expect("SET k This-is-a-string", "OK");
        for (String name : new String[] {"GETRANGE", "SUBSTR"}) {
            expect(name + " k 0 3", "\"This\"");
            expect(name + " k -3 -1", "\"ing\"");
            expect(name + " k 0 -1", "\"This-is-a-string\"");
            expect(name + " k 10 100", "\"string\"");
            expect(name + " k 5 3", "\"\"");
            expect(name + " k -1 -5", "\"\"");
            expect(name + " k -100 3", "\"This\"");
            expect(name + " k 20 30", "\"\"");
            expect(name + " none 0 -1", "\"\"");
            expect(name + " k a 1", NOT_AN_INTEGER);
            expect(name + " k 0 1.5", NOT_AN_INTEGER);
        }
    }

    @Test
    void setrange_offsets_areFilledWithZeros() {
        expect("SETRANGE k 2 ab", "(integer) 4");
        expect("GET k", "\"\\x00\\x00ab\"");
        expect("SETRANGE k 1 x", "(integer) 4");
        expect("GET k", "\"\\x00xab\"");
        expect("SETRANGE none 5 \"\"", "(integer) 0");
        expect("EXISTS none", "(integer) 0");
        expect("SETRANGE k 100 \"\"", "(integer) 4");
        expect("SETRANGE k -1 x", "(error) ERR offset is out of range");
        expect("SETRANGE k x x", NOT_AN_INTEGER);
    }

    @Test
    void setrange_tooFar_isRefused() {
        String tooLong = "(error) ERR string exceeds maximum allowed size (proto-max-bulk-len)";
        expect("SETRANGE k 536870912 x", tooLong);
        expect("SETRANGE k 9223372036854775807 x", tooLong);
        expect("SETRANGE k " + MemoryStore.UPDATE_BYTES_MAX + " x", tooLong);
        expect("SETRANGE k " + (MemoryStore.UPDATE_BYTES_MAX - 34) + " x", "(integer) 1048543");
        expect("APPEND k x", tooLong);
        expect("STRLEN k", "(integer) 1048543");
    }

    // Numbers

    @Test
    void incr_numbers_count() {
        expect("INCR n", "(integer) 1");
        expect("INCRBY n 41", "(integer) 42");
        expect("DECR n", "(integer) 41");
        expect("DECRBY n 50", "(integer) -9");
        expect("DECRBY n -10", "(integer) 1");
        expect("INCRBY n -1", "(integer) 0");
        expect("GET n", "\"0\"");
        expect("SET n 10", "OK");
        expect("INCR n", "(integer) 11");
    }

    @Test
    void incr_noInteger_isRefused() {
        expect("SET k abc", "OK");
        expect("INCR k", "(error) NOT_AN_INTEGER");
        expect("SET k 1.5", "OK");
        expect("INCR k", "(error) NOT_AN_INTEGER");
        expect("SET k 10", "OK");
        expect("INCRBY k abc", NOT_AN_INTEGER);
        expect("INCRBY k 1.5", NOT_AN_INTEGER);
        expect("DECRBY k 9223372036854775808", NOT_AN_INTEGER);
        expect("GET k", "\"10\"");
    }

    @Test
    void incr_overflow_isRefused() {
        expect("SET k 9223372036854775807", "OK");
        expect("INCR k", "(error) OVERFLOW");
        expect("SET k -9223372036854775808", "OK");
        expect("DECR k", "(error) OVERFLOW");
        expect("DECRBY k -9223372036854775808", "(error) ERR decrement would overflow");
        expect("DECRBY k -9223372036854775807", "(integer) -1");
    }

    @Test
    void incrbyfloat_numbers_areAddedExactly() {
        expect("SET k 10.50", "OK");
        expect("INCRBYFLOAT k 0.1", "\"10.6\"");
        expect("INCRBYFLOAT k -5", "\"5.6\"");
        expect("SET k 5.0e3", "OK");
        expect("INCRBYFLOAT k 2.0e2", "\"5200\"");
        expect("INCRBYFLOAT new 3", "\"3\"");
        expect("INCR new", "(integer) 4");
        expect("INCRBYFLOAT new 1.5", "\"5.5\"");
        expect("INCR new", "(error) NOT_AN_INTEGER");
    }

    @Test
    void incrbyfloat_noNumber_isRefused() {
        expect("SET k abc", "OK");
        expect("INCRBYFLOAT k 1", "(error) NOT_A_FLOAT");
        expect("SET k 1", "OK");
        expect("INCRBYFLOAT k abc", "(error) ERR value is not a valid float");
        expect("INCRBYFLOAT k nan", "(error) ERR value is not a valid float");
        expect("INCRBYFLOAT k inf", "(error) ERR increment would produce NaN or Infinity");
        expect("INCRBYFLOAT k 1e30", "(error) NOT_A_NUMBER");
        expect("GET k", "\"1\"");
    }

    // At two nodes

    @Test
    void writes_atTwoNodes_comeTogetherAsDeclared() {
        RedisShell other = new RedisShell("b");
        expect("MSET n 10 s x", "OK");
        other.store().follow(redis.store());

        expect("INCR n", "(integer) 11");
        expect("APPEND s a", "(integer) 2");
        expect("SET lock mine NX", "OK");
        other.store().advance(1);
        assertThat(other.run("INCRBY n 5")).isEqualTo("(integer) 15");
        assertThat(other.run("APPEND s b")).isEqualTo("(integer) 2");
        assertThat(other.run("SET lock theirs NX")).isEqualTo("OK");
        redis.store().follow(other.store());
        other.store().follow(redis.store());

        for (RedisShell each : new RedisShell[] {redis, other}) {
            assertThat(each.run("MGET n s lock")).isEqualTo("[\"16\", \"xb\", \"theirs\"]");
        }
    }
}
