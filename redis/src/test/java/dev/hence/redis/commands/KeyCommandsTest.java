package dev.hence.redis.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.node.config.Limits;
import dev.hence.redis.DirectClient;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class KeyCommandsTest extends CommandsTest {

    private static final int UPDATE_BYTES_MAX = 1 << 20;

    @Override
    Limits limits() {
        return updatesOf(UPDATE_BYTES_MAX);
    }

    private void assign(String key, DataType type, String element, String value) {
        node.write(transaction -> {
            transaction.assign(Bytes.utf8(key), type, Bytes.utf8(element), Bytes.utf8(value));
            return transaction;
        });
    }

    @Test
    void debugObject_key_isDescribedAsToolsParseIt() {
        expect("SET k 5", "+OK");

        expect("DEBUG OBJECT k", "+Value at:0x0 refcount:1 encoding:int serializedlength:42 lru:0 lru_seconds_idle:0");
        expect("DEBUG OBJECT none", "-ERR no such key");
        expect("DEBUG SLEEP 1", "-ERR unknown subcommand 'SLEEP'. Try DEBUG HELP.");
    }

    @Test
    void commands_wrongNumberOfWords_areRefused() {
        for (String line : new String[] {
            "DEL", "UNLINK", "EXISTS", "TOUCH", "TYPE", "TYPE a b", "RENAME a", "RENAMENX a", "COPY a", "OBJECT"
        }) {
            String name = line.split(" ", -1)[0].toLowerCase(Locale.ROOT);
            expect(line, "-ERR wrong number of arguments for '" + name + "' command");
        }
        expect("OBJECT ENCODING", "-ERR wrong number of arguments for 'object|encoding' command");
        expect("OBJECT BOGUS k", "-ERR unknown subcommand 'BOGUS'. Try OBJECT HELP.");
    }

    @Test
    void del_keys_countsThoseThatExisted() {
        expect("MSET a 1 b 2 c 3", "+OK");
        expect("DEL a b a none", ":2");
        expect("EXISTS a b c", ":1");
        expect("UNLINK c none", ":1");
        expect("DEL c", ":0");
        assertThat(node.node().keys()).isZero();
    }

    @Test
    void del_expiredKey_countsNot() {
        expect("SET k v PX 10", "+OK");
        node.advance(10);
        expect("DEL k", ":0");
    }

    @Test
    void exists_keysNamedTwice_countTwice() {
        expect("SET k v", "+OK");
        expect("EXISTS k k none", ":2");
        expect("TOUCH k k none", ":2");
        expect("TOUCH none", ":0");
    }

    @Test
    void type_key_isNamedAsInRedis() {
        expect("TYPE k", "+none");
        expect("SET k v", "+OK");
        expect("TYPE k", "+string");
        assign("h", DataType.HASH, "f", "v");
        expect("TYPE h", "+hash");
        assign("s", DataType.SET, "m", "");
        expect("TYPE s", "+set");
        assign("z", DataType.SORTED_SET, "m", "1");
        expect("TYPE z", "+zset");
        assign("l", DataType.LIST, "p", "v");
        expect("TYPE l", "+list");
    }

    @Test
    void rename_keys_areReplaced() {
        expect("RENAME a b", "-ERR no such key");
        expect("SET a 1 EX 10", "+OK");
        expect("SET b 2", "+OK");
        expect("RENAME a b", "+OK");
        expect("GET b", "$1 1");
        expect("TTL b", ":10");
        expect("EXISTS a", ":0");
        expect("RENAME b b", "+OK");
        expect("GET b", "$1 1");
        expect("RENAME a a", "-ERR no such key");
    }

    @Test
    void renamenx_takenName_isLeftAlone() {
        expect("RENAMENX a b", "-ERR no such key");
        expect("MSET a 1 b 2", "+OK");
        expect("RENAMENX a b", ":0");
        expect("RENAMENX a a", ":0");
        expect("RENAMENX a c", ":1");
        expect("MGET a b c", "*3 $-1 $1 2 $1 1");
    }

    @Test
    void rename_hugeCollection_isRefused() {
        String half = "x".repeat(UPDATE_BYTES_MAX / 2);
        for (String field : new String[] {"f", "g", "h"}) {
            assign("a", DataType.HASH, field, half);
        }

        assertThat(client.run("RENAME a b")).startsWith("-ERR update: ");
        assertThat(client.run("COPY a b")).startsWith("-ERR update: ");
        expect("EXISTS a b", ":1");
    }

    @Test
    void copy_options_areThoseOfRedis() {
        expect("COPY a b", ":0");
        expect("SET a 1 EX 10", "+OK");
        expect("COPY a b", ":1");
        expect("TTL b", ":10");
        expect("SET a 2", "+OK");
        expect("COPY a b", ":0");
        expect("GET b", "$1 1");
        expect("COPY a b replace", ":1");
        expect("GET b", "$1 2");
        expect("TTL b", ":-1");
        expect("COPY a c DB 0 REPLACE", ":1");
        expect("COPY a d REPLACE DB 1", "-ERR DB index is out of range");
        expect("COPY a d DB x", "-ERR value is not an integer or out of range");
        expect("COPY a d DB", "-ERR syntax error");
        expect("COPY a d BOGUS", "-ERR syntax error");
        expect("COPY a a", "-ERR source and destination objects are the same");
        expect("EXISTS d", ":0");
    }

    @Test
    void object_key_isDescribed() {
        expect("OBJECT ENCODING k", "$-1");
        expect("OBJECT REFCOUNT k", "$-1");
        expect("OBJECT IDLETIME k", "$-1");
        expect("OBJECT FREQ k", "$-1");
        expect("SET k 12345", "+OK");
        expect("object encoding k", "$3 int");
        expect("SET k abc", "+OK");
        expect("OBJECT ENCODING k", "$6 embstr");
        expect("SET k " + "x".repeat(45), "+OK");
        expect("OBJECT ENCODING k", "$3 raw");
        expect("OBJECT REFCOUNT k", ":1");
        expect("OBJECT idletime k", "-ERR OBJECT IDLETIME is not available: Hence does not record the use of keys");
        expect("OBJECT FREQ k", "-ERR OBJECT FREQ is not available: Hence does not record the use of keys");
        assign("h", DataType.HASH, "f", "v");
        expect("OBJECT ENCODING h", "$9 hashtable");
        assign("s", DataType.SET, "m", "");
        expect("OBJECT ENCODING s", "$9 hashtable");
        assign("z", DataType.SORTED_SET, "m", "1");
        expect("OBJECT ENCODING z", "$8 skiplist");
        assign("l", DataType.LIST, "p", "v");
        expect("OBJECT ENCODING l", "$9 quicklist");
        assertThat(client.run("OBJECT HELP"))
                .startsWith("*11 +OBJECT <subcommand>")
                .contains("ENCODING key");
    }

    @Test
    void del_besideAWriteElsewhere_leavesThat() {
        DirectClient other = there();
        expect("SET k v", "+OK");
        far().follow(node);

        expect("DEL k", ":1");
        assertThat(other.run("SET k w")).isEqualTo("+OK");
        node.follow(far());

        expect("GET k", "$1 w");
    }
}
