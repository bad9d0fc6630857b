package dev.hence.redis.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.redis.DirectClient;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class ExpiryCommandsTest extends CommandsTest {

    private static final String NX_WITH_OTHERS = "-ERR NX and XX, GT or LT options at the same time are not compatible";

    @Test
    void commands_wrongNumberOfWords_areRefused() {
        for (String line : new String[] {
            "EXPIRE k",
            "PEXPIRE k",
            "EXPIREAT k",
            "PEXPIREAT k",
            "TTL",
            "TTL a b",
            "PTTL",
            "EXPIRETIME",
            "PEXPIRETIME",
            "PERSIST"
        }) {
            String name = line.split(" ", -1)[0].toLowerCase(Locale.ROOT);
            expect(line, "-ERR wrong number of arguments for '" + name + "' command");
        }
    }

    @Test
    void expire_absentKey_isNothing() {
        for (String line :
                new String[] {"EXPIRE k 10", "PEXPIRE k 10", "EXPIREAT k 10", "PEXPIREAT k 10", "PERSIST k"}) {
            expect(line, ":0");
        }
        for (String name : new String[] {"TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME"}) {
            expect(name + " k", ":-2");
        }
        assertThat(node.updates()).isEmpty();
    }

    @Test
    void expire_units_areAllUnderstood() {
        long nowSeconds = node.nowMillis() / 1_000;
        expect("SET k v", "+OK");
        for (String name : new String[] {"TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME"}) {
            expect(name + " k", ":-1");
        }
        expect("EXPIRE k 10", ":1");
        expect("TTL k", ":10");
        expect("PTTL k", ":10000");
        expect("EXPIRETIME k", ":" + (nowSeconds + 10));
        expect("PEXPIRETIME k", ":" + (node.nowMillis() + 10_000));
        expect("PEXPIRE k 1500", ":1");
        expect("PTTL k", ":1500");
        expect("TTL k", ":2");
        expect("PEXPIRE k 1499", ":1");
        expect("TTL k", ":1");
        expect("EXPIRETIME k", ":" + (nowSeconds + 1));
        expect("EXPIREAT k " + (nowSeconds + 7), ":1");
        expect("PTTL k", ":7000");
        expect("PEXPIREAT k " + (node.nowMillis() + 3), ":1");
        expect("PTTL k", ":3");
        node.advance(1);
        expect("PTTL k", ":2");
        node.advance(2);
        expect("PTTL k", ":-2");
        expect("GET k", "$-1");
    }

    @Test
    void expire_past_removesTheKey() {
        for (String line :
                new String[] {"EXPIRE k 0", "EXPIRE k -1", "PEXPIRE k -1", "EXPIREAT k 1", "PEXPIREAT k 1"}) {
            expect("SET k v", "+OK");
            expect(line, ":1");
            expect("EXISTS k", ":0");
        }
    }

    @Test
    void expire_badNumbers_areRefused() {
        expect("SET k v", "+OK");
        for (String name : new String[] {"EXPIRE", "PEXPIRE", "EXPIREAT", "PEXPIREAT"}) {
            expect(name + " k abc", "-ERR value is not an integer or out of range");
            expect(name + " k 1.5", "-ERR value is not an integer or out of range");
        }
        expect("EXPIRE k 9223372036854775807", "-ERR invalid expire time in 'expire' command");
        expect("EXPIRE k -9223372036854775808", "-ERR invalid expire time in 'expire' command");
        expect("EXPIRE k 9223372036854775", "-ERR invalid expire time in 'expire' command");
        expect("PEXPIRE k 9223372036854775807", "-ERR invalid expire time in 'pexpire' command");
        expect("EXPIREAT k 9223372036854775807", "-ERR invalid expire time in 'expireat' command");
        expect("TTL k", ":-1");
        expect("PEXPIREAT k 9223372036854775807", ":1");
        expect("PEXPIRETIME k", ":9223372036854775806");
    }

    @Test
    void expire_options_areConditions() {
        expect("SET k v", "+OK");
        expect("EXPIRE k 10 XX", ":0");
        expect("EXPIRE k 10 GT", ":0");
        expect("EXPIRE k 10 XX LT", ":0");
        expect("TTL k", ":-1");
        expect("EXPIRE k 10 NX", ":1");
        expect("EXPIRE k 20 nx", ":0");
        expect("EXPIRE k 5 GT", ":0");
        expect("EXPIRE k 20 LT", ":0");
        expect("EXPIRE k 10 GT", ":0");
        expect("TTL k", ":10");
        expect("EXPIRE k 20 GT", ":1");
        expect("EXPIRE k 30 XX GT", ":1");
        expect("EXPIRE k 15 LT", ":1");
        expect("EXPIRE k 12 XX LT", ":1");
        expect("EXPIRE k 11 XX XX", ":1");
        expect("TTL k", ":11");
        expect("PERSIST k", ":1");
        expect("EXPIRE k 10 LT", ":1");
        expect("TTL k", ":10");
    }

    @Test
    void expire_badOptions_areRefused() {
        expect("SET k v", "+OK");
        for (String options : new String[] {"NX XX", "NX GT", "LT NX", "NX XX GT LT"}) {
            expect("EXPIRE k 10 " + options, NX_WITH_OTHERS);
        }
        expect("EXPIRE k 10 GT LT", "-ERR GT and LT options at the same time are not compatible");
        expect("EXPIRE k 10 AB", "-ERR Unsupported option AB");
        expect("EXPIRE k 10 XX AB", "-ERR Unsupported option AB");
        assertThat(client.run("EXPIRE k 10 " + "x".repeat(10_000))).hasSizeLessThan(200);
        expect("TTL k", ":-1");
    }

    @Test
    void persist_key_staysOnce() {
        expect("SET k v EX 10", "+OK");
        expect("PERSIST k", ":1");
        expect("PERSIST k", ":0");
        expect("TTL k", ":-1");
    }

    @Test
    void expire_atTwoNodes_theLatestHolds() {
        DirectClient other = there();
        expect("SET k v", "+OK");
        far().follow(node);

        expect("EXPIRE k 10", ":1");
        assertThat(other.run("EXPIRE k 20")).isEqualTo(":1");
        node.follow(far());

        expect("TTL k", ":20");
    }
}
