package dev.hence.redis.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.replica.UpdateTooLargeException;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class KeyCommandsTest {

    private final RedisShell redis = new RedisShell("a");

    private void expect(String line, String reply) {
        assertThat(redis.run(line)).as(line).isEqualTo(reply);
    }

    private void assign(String key, DataType type, String element, String value) {
        redis.store().write(transaction -> {
            transaction.assign(Bytes.utf8(key), type, Bytes.utf8(element), Bytes.utf8(value));
            return transaction;
        });
    }

    @Test
    void debugObject_key_isDescribedAsToolsParseIt() {
        expect("SET k 5", "OK");

        expect("DEBUG OBJECT k", "Value at:0x0 refcount:1 encoding:int serializedlength:42 lru:0 lru_seconds_idle:0");
        expect("DEBUG OBJECT none", "(error) ERR no such key");
        expect("DEBUG SLEEP 1", "(error) ERR unknown subcommand 'SLEEP'. Try DEBUG HELP.");
    }

    @Test
    void commands_wrongNumberOfWords_areRefused() {
        for (String line : new String[] {
            "DEL", "UNLINK", "EXISTS", "TOUCH", "TYPE", "TYPE a b", "RENAME a", "RENAMENX a", "COPY a", "OBJECT"
        }) {
            String name = line.split(" ", -1)[0].toLowerCase(Locale.ROOT);
            expect(line, "(error) ERR wrong number of arguments for '" + name + "' command");
        }
        expect("OBJECT ENCODING", "(error) ERR wrong number of arguments for 'object|encoding' command");
        expect("OBJECT BOGUS k", "(error) ERR unknown subcommand 'BOGUS'. Try OBJECT HELP.");
    }

    @Test
    void del_keys_countsThoseThatExisted() {
        expect("MSET a 1 b 2 c 3", "OK");
        expect("DEL a b a none", "(integer) 2");
        expect("EXISTS a b c", "(integer) 1");
        expect("UNLINK c none", "(integer) 1");
        expect("DEL c", "(integer) 0");
        assertThat(redis.store().keys()).isZero();
    }

    @Test
    void del_expiredKey_countsNot() {
        expect("SET k v PX 10", "OK");
        redis.store().advance(10);
        expect("DEL k", "(integer) 0");
    }

    @Test
    void exists_keysNamedTwice_countTwice() {
        expect("SET k v", "OK");
        expect("EXISTS k k none", "(integer) 2");
        expect("TOUCH k k none", "(integer) 2");
        expect("TOUCH none", "(integer) 0");
    }

    @Test
    void type_key_isNamedAsInRedis() {
        expect("TYPE k", "none");
        expect("SET k v", "OK");
        expect("TYPE k", "string");
        assign("h", DataType.HASH, "f", "v");
        expect("TYPE h", "hash");
        assign("s", DataType.SET, "m", "");
        expect("TYPE s", "set");
        assign("z", DataType.SORTED_SET, "m", "1");
        expect("TYPE z", "zset");
        assign("l", DataType.LIST, "p", "v");
        expect("TYPE l", "list");
    }

    @Test
    void rename_keys_areReplaced() {
        expect("RENAME a b", "(error) ERR no such key");
        expect("SET a 1 EX 10", "OK");
        expect("SET b 2", "OK");
        expect("RENAME a b", "OK");
        expect("GET b", "\"1\"");
        expect("TTL b", "(integer) 10");
        expect("EXISTS a", "(integer) 0");
        expect("RENAME b b", "OK");
        expect("GET b", "\"1\"");
        expect("RENAME a a", "(error) ERR no such key");
    }

    @Test
    void renamenx_takenName_isLeftAlone() {
        expect("RENAMENX a b", "(error) ERR no such key");
        expect("MSET a 1 b 2", "OK");
        expect("RENAMENX a b", "(integer) 0");
        expect("RENAMENX a a", "(integer) 0");
        expect("RENAMENX a c", "(integer) 1");
        expect("MGET a b c", "[(nil), \"2\", \"1\"]");
    }

    @Test
    void rename_hugeCollection_isRefused() {
        String half = "x".repeat((int) MemoryStore.UPDATE_BYTES_MAX / 2);
        for (String field : new String[] {"f", "g", "h"}) {
            assign("a", DataType.HASH, field, half);
        }

        assertThatExceptionOfType(UpdateTooLargeException.class).isThrownBy(() -> redis.run("RENAME a b"));
        assertThatExceptionOfType(UpdateTooLargeException.class).isThrownBy(() -> redis.run("COPY a b"));
        expect("EXISTS a b", "(integer) 1");
    }

    @Test
    void copy_options_areThoseOfRedis() {
        expect("COPY a b", "(integer) 0");
        expect("SET a 1 EX 10", "OK");
        expect("COPY a b", "(integer) 1");
        expect("TTL b", "(integer) 10");
        expect("SET a 2", "OK");
        expect("COPY a b", "(integer) 0");
        expect("GET b", "\"1\"");
        expect("COPY a b replace", "(integer) 1");
        expect("GET b", "\"2\"");
        expect("TTL b", "(integer) -1");
        expect("COPY a c DB 0 REPLACE", "(integer) 1");
        expect("COPY a d REPLACE DB 1", "(error) ERR DB index is out of range");
        expect("COPY a d DB x", "(error) ERR value is not an integer or out of range");
        expect("COPY a d DB", "(error) ERR syntax error");
        expect("COPY a d BOGUS", "(error) ERR syntax error");
        expect("COPY a a", "(error) ERR source and destination objects are the same");
        expect("EXISTS d", "(integer) 0");
    }

    @Test
    void object_key_isDescribed() {
        expect("OBJECT ENCODING k", "(nil)");
        expect("OBJECT REFCOUNT k", "(nil)");
        expect("OBJECT IDLETIME k", "(nil)");
        expect("OBJECT FREQ k", "(nil)");
        expect("SET k 12345", "OK");
        expect("object encoding k", "\"int\"");
        expect("SET k abc", "OK");
        expect("OBJECT ENCODING k", "\"embstr\"");
        expect("SET k " + "x".repeat(45), "OK");
        expect("OBJECT ENCODING k", "\"raw\"");
        expect("OBJECT REFCOUNT k", "(integer) 1");
        expect(
                "OBJECT idletime k",
                "(error) ERR OBJECT IDLETIME is not available: Hence does not record the use of keys");
        expect("OBJECT FREQ k", "(error) ERR OBJECT FREQ is not available: Hence does not record the use of keys");
        assign("h", DataType.HASH, "f", "v");
        expect("OBJECT ENCODING h", "\"hashtable\"");
        assign("s", DataType.SET, "m", "");
        expect("OBJECT ENCODING s", "\"hashtable\"");
        assign("z", DataType.SORTED_SET, "m", "1");
        expect("OBJECT ENCODING z", "\"skiplist\"");
        assign("l", DataType.LIST, "p", "v");
        expect("OBJECT ENCODING l", "\"quicklist\"");
        assertThat(redis.run("OBJECT HELP")).startsWith("[OBJECT <subcommand>").contains("ENCODING key");
    }

    @Test
    void del_besideAWriteElsewhere_leavesThat() {
        RedisShell other = new RedisShell("b");
        expect("SET k v", "OK");
        other.store().follow(redis.store());

        expect("DEL k", "(integer) 1");
        assertThat(other.run("SET k w")).isEqualTo("OK");
        redis.store().follow(other.store());

        expect("GET k", "\"w\"");
    }
}
