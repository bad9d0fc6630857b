package dev.hence.redis.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

final class ExpiryCommandsTest {

    private static final String NX_WITH_OTHERS =
            "(error) ERR NX and XX, GT or LT options at the same time are not compatible";

    private final RedisShell redis = new RedisShell("a");

    private void expect(String line, String reply) {
        assertThat(redis.run(line)).as(line).isEqualTo(reply);
    }

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
            expect(line, "(error) ERR wrong number of arguments for '" + name + "' command");
        }
    }

    @Test
    void expire_absentKey_isNothing() {
        for (String line :
                new String[] {"EXPIRE k 10", "PEXPIRE k 10", "EXPIREAT k 10", "PEXPIREAT k 10", "PERSIST k"}) {
            expect(line, "(integer) 0");
        }
        for (String name : new String[] {"TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME"}) {
            expect(name + " k", "(integer) -2");
        }
        assertThat(redis.store().updates()).isEmpty();
    }

    @Test
    void expire_units_areAllUnderstood() {
        long nowSeconds = MemoryStore.BEGIN_MILLIS / 1_000;
        expect("SET k v", "OK");
        for (String name : new String[] {"TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME"}) {
            expect(name + " k", "(integer) -1");
        }
        expect("EXPIRE k 10", "(integer) 1");
        expect("TTL k", "(integer) 10");
        expect("PTTL k", "(integer) 10000");
        expect("EXPIRETIME k", "(integer) " + (nowSeconds + 10));
        expect("PEXPIRETIME k", "(integer) " + (MemoryStore.BEGIN_MILLIS + 10_000));
        expect("PEXPIRE k 1500", "(integer) 1");
        expect("PTTL k", "(integer) 1500");
        expect("TTL k", "(integer) 2");
        expect("PEXPIRE k 1499", "(integer) 1");
        expect("TTL k", "(integer) 1");
        expect("EXPIRETIME k", "(integer) " + (nowSeconds + 1));
        expect("EXPIREAT k " + (nowSeconds + 7), "(integer) 1");
        expect("PTTL k", "(integer) 7000");
        expect("PEXPIREAT k " + (MemoryStore.BEGIN_MILLIS + 3), "(integer) 1");
        expect("PTTL k", "(integer) 3");
        redis.store().advance(1);
        expect("PTTL k", "(integer) 2");
        redis.store().advance(2);
        expect("PTTL k", "(integer) -2");
        expect("GET k", "(nil)");
    }

    @Test
    void expire_past_removesTheKey() {
        for (String line :
                new String[] {"EXPIRE k 0", "EXPIRE k -1", "PEXPIRE k -1", "EXPIREAT k 1", "PEXPIREAT k 1"}) {
            expect("SET k v", "OK");
            expect(line, "(integer) 1");
            expect("EXISTS k", "(integer) 0");
        }
    }

    @Test
    void expire_badNumbers_areRefused() {
        expect("SET k v", "OK");
        for (String name : new String[] {"EXPIRE", "PEXPIRE", "EXPIREAT", "PEXPIREAT"}) {
            expect(name + " k abc", "(error) ERR value is not an integer or out of range");
            expect(name + " k 1.5", "(error) ERR value is not an integer or out of range");
        }
        expect("EXPIRE k 9223372036854775807", "(error) ERR invalid expire time in 'expire' command");
        expect("EXPIRE k -9223372036854775808", "(error) ERR invalid expire time in 'expire' command");
        expect("EXPIRE k 9223372036854775", "(error) ERR invalid expire time in 'expire' command");
        expect("PEXPIRE k 9223372036854775807", "(error) ERR invalid expire time in 'pexpire' command");
        expect("EXPIREAT k 9223372036854775807", "(error) ERR invalid expire time in 'expireat' command");
        expect("TTL k", "(integer) -1");
        expect("PEXPIREAT k 9223372036854775807", "(integer) 1");
        expect("PEXPIRETIME k", "(integer) 9223372036854775806");
    }

    @Test
    void expire_options_areConditions() {
        expect("SET k v", "OK");
        expect("EXPIRE k 10 XX", "(integer) 0");
        expect("EXPIRE k 10 GT", "(integer) 0");
        expect("EXPIRE k 10 XX LT", "(integer) 0");
        expect("TTL k", "(integer) -1");
        expect("EXPIRE k 10 NX", "(integer) 1");
        expect("EXPIRE k 20 nx", "(integer) 0");
        expect("EXPIRE k 5 GT", "(integer) 0");
        expect("EXPIRE k 20 LT", "(integer) 0");
        expect("EXPIRE k 10 GT", "(integer) 0");
        expect("TTL k", "(integer) 10");
        expect("EXPIRE k 20 GT", "(integer) 1");
        expect("EXPIRE k 30 XX GT", "(integer) 1");
        expect("EXPIRE k 15 LT", "(integer) 1");
        expect("EXPIRE k 12 XX LT", "(integer) 1");
        expect("EXPIRE k 11 XX XX", "(integer) 1");
        expect("TTL k", "(integer) 11");
        expect("PERSIST k", "(integer) 1");
        expect("EXPIRE k 10 LT", "(integer) 1");
        expect("TTL k", "(integer) 10");
    }

    @Test
    void expire_badOptions_areRefused() {
        expect("SET k v", "OK");
        for (String options : new String[] {"NX XX", "NX GT", "LT NX", "NX XX GT LT"}) {
            expect("EXPIRE k 10 " + options, NX_WITH_OTHERS);
        }
        expect("EXPIRE k 10 GT LT", "(error) ERR GT and LT options at the same time are not compatible");
        expect("EXPIRE k 10 AB", "(error) ERR Unsupported option AB");
        expect("EXPIRE k 10 XX AB", "(error) ERR Unsupported option AB");
        assertThat(redis.run("EXPIRE k 10 " + "x".repeat(10_000))).hasSizeLessThan(200);
        expect("TTL k", "(integer) -1");
    }

    @Test
    void persist_key_staysOnce() {
        expect("SET k v EX 10", "OK");
        expect("PERSIST k", "(integer) 1");
        expect("PERSIST k", "(integer) 0");
        expect("TTL k", "(integer) -1");
    }

    @Test
    void expire_atTwoNodes_theLatestHolds() {
        RedisShell other = new RedisShell("b");
        expect("SET k v", "OK");
        other.store().follow(redis.store());

        expect("EXPIRE k 10", "(integer) 1");
        assertThat(other.run("EXPIRE k 20")).isEqualTo("(integer) 1");
        redis.store().follow(other.store());

        expect("TTL k", "(integer) 20");
    }
}
