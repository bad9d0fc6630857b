package dev.hence.redis.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.redis.DirectClient;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The commands on whole strings. */
final class StringCommandsTest extends CommandsTest {

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
