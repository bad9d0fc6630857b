package dev.hence.redis.commands;

import dev.hence.core.commands.Keys;
import dev.hence.core.commands.Strings;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Decimals;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.KeyPositions;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The commands on keys of any type, except those for expiry and those that search for keys. */
final class KeyCommands {

    private static final String REMOVES_WHAT_IT_SAW =
            "Removes what this node has seen of the key. Concurrent writes of other nodes survive.";

    private static final String COPIES = "Renames what this node has seen: concurrent writes to the old name stay"
            + " there. If two keys are concurrently renamed to one name, the newest string is visible; the elements"
            + " of collections of the same type are combined. A number is copied as it is visible, so concurrent"
            + " increments count only under the old name.";

    private static final KeyPositions SECOND = new KeyPositions.Range(2, 2, 1);

    private static final int EMBEDDED_BYTES_MAX = 44;

    private KeyCommands() {}

    /** All of these commands. */
    static List<Command> all() {
        return List.of(
                key("DEL", "key [key ...]", -2)
                        .keys(KeyPositions.ALL)
                        .summary("Deletes one or more keys. Returns the number of keys deleted.")
                        .concurrently(REMOVES_WHAT_IT_SAW)
                        .writes(KeyCommands::delete),
                key("UNLINK", "key [key ...]", -2)
                        .keys(KeyPositions.ALL)
                        .flags(Flag.FAST)
                        .summary("Deletes one or more keys, as DEL does. DEL does not take longer for large"
                                + " collections either.")
                        .concurrently(REMOVES_WHAT_IT_SAW)
                        .writes(KeyCommands::delete),
                key("EXISTS", "key [key ...]", -2)
                        .keys(KeyPositions.ALL)
                        .flags(Flag.FAST, Flag.DROPS_VALUES)
                        .summary("Returns the number of keys that exist. A key named twice counts twice.")
                        .reads(KeyCommands::countExisting),
                key("TOUCH", "key [key ...]", -2)
                        .keys(KeyPositions.ALL)
                        .flags(Flag.FAST, Flag.DROPS_VALUES)
                        .summary("Returns the number of keys that exist. A node does not record when keys are"
                                + " accessed.")
                        .reads(KeyCommands::countExisting),
                key("TYPE", "key", 2)
                        .flags(Flag.FAST)
                        .summary("Returns the type of the value of a key: string, hash, set, zset, list, or none.")
                        .reads(KeyCommands::type),
                key("RENAME", "key newkey", 3)
                        .keys(new KeyPositions.Range(1, 2, 1))
                        .summary("Renames a key and overwrites the destination. A collection must fit into one"
                                + " update.")
                        .concurrently(COPIES)
                        .writes(KeyCommands::rename),
                key("RENAMENX", "key newkey", 3)
                        .keys(new KeyPositions.Range(1, 2, 1))
                        .summary("Renames a key only if the new name does not exist. A collection must fit into one"
                                + " update.")
                        .concurrently("The condition is evaluated at the node that receives the command. " + COPIES)
                        .writes(KeyCommands::renameIfFree),
                key("COPY", "source destination [DB destination-db] [REPLACE]", -3)
                        .keys(new KeyPositions.Range(1, 2, 1))
                        .summary("Copies the value of a key and its expiration time to a new key. A collection must"
                                + " fit into one update.")
                        .concurrently("Copies what this node has seen of the source. Without REPLACE, the node that"
                                + " receives the command determines whether the destination exists. Concurrent"
                                + " writes to the destination survive next to the copy.")
                        .writes(KeyCommands::copy),
                object("ENCODING")
                        .summary("Returns the encoding that Redis would use for the key. Hence stores one row per"
                                + " element.")
                        .reads(KeyCommands::encoding),
                object("REFCOUNT")
                        .summary("Returns 1 if the key exists.")
                        .reads((view, arguments) -> Keys.exists(view, arguments.get(2)) ? Reply.ONE : Reply.NULL),
                object("IDLETIME")
                        .summary("Not supported: a node does not record when keys are accessed.")
                        .reads(KeyCommands::refuseUse),
                object("FREQ")
                        .summary("Not supported: a node does not record when keys are accessed.")
                        .reads(KeyCommands::refuseUse),
                Command.of(Group.GENERIC, "OBJECT HELP", "")
                        .arity(2)
                        .summary("Returns helpful text about the different subcommands.")
                        .atOnce((session, arguments) -> Help.of(session.commands(), "OBJECT")));
    }

    private static Command.Builder key(String name, String syntax, int arity) {
        return Command.of(Group.GENERIC, name, syntax).arity(arity).keys(KeyPositions.FIRST);
    }

    private static Command.Builder object(String name) {
        return Command.of(Group.GENERIC, "OBJECT " + name, "key").arity(3).keys(SECOND);
    }

    private static Reply delete(Transaction transaction, Arguments arguments) {
        return count(arguments.from(1).stream().filter(key -> Keys.delete(transaction, key)));
    }

    private static Reply countExisting(View view, Arguments arguments) {
        return count(arguments.from(1).stream().filter(key -> Keys.exists(view, key)));
    }

    private static Reply count(Stream<Bytes> keys) {
        // Not Stream.count, which may skip the filter and with it its side effects.
        return Reply.of(keys.mapToLong(key -> 1).sum());
    }

    private static Reply type(View view, Arguments arguments) {
        DataType type = Keys.type(view, arguments.get(1));
        return new Reply.Simple(type == null ? "none" : type.redisName());
    }

    private static Reply rename(Transaction transaction, Arguments arguments) {
        if (!Keys.rename(transaction, arguments.get(1), arguments.get(2))) {
            throw noSuchKey();
        }
        return Reply.OK;
    }

    private static Reply renameIfFree(Transaction transaction, Arguments arguments) {
        if (!Keys.exists(transaction, arguments.get(1))) {
            throw noSuchKey();
        }
        return Reply.of(!Keys.exists(transaction, arguments.get(2))
                && Keys.rename(transaction, arguments.get(1), arguments.get(2)));
    }

    private static RedisError noSuchKey() {
        return new RedisError("ERR no such key");
    }

    private static Reply copy(Transaction transaction, Arguments arguments) {
        boolean replace = false;
        for (int at = 3; at < arguments.count(); at++) {
            if (arguments.is(at, "REPLACE")) {
                replace = true;
            } else if (arguments.is(at, "DB") && at + 1 < arguments.count()) {
                at++;
                arguments.integer(at, 0, 0, "DB index is out of range");
            } else {
                throw RedisError.syntax();
            }
        }
        if (arguments.get(1).equals(arguments.get(2))) {
            throw new RedisError("ERR source and destination objects are the same");
        }
        return Reply.of(Keys.copy(transaction, arguments.get(1), arguments.get(2), replace));
    }

    private static Reply encoding(View view, Arguments arguments) {
        String name = encodingName(view, arguments.get(2));
        return name == null ? Reply.NULL : Reply.of(name);
    }

    /** The encoding that Redis would use for a key of this type; null if the key is absent. */
    static @Nullable String encodingName(View view, Bytes key) {
        return switch (Keys.type(view, key)) {
            case STRING -> encodingOfString(view, key);
            case HASH, SET -> "hashtable";
            case SORTED_SET -> "skiplist";
            case LIST -> "quicklist";
            case null -> null;
        };
    }

    private static String encodingOfString(View view, Bytes key) {
        Bytes value = Strings.get(view, key);
        if (value != null && Decimals.parseLong(value).isPresent()) {
            return "int";
        }
        return value != null && value.length() <= EMBEDDED_BYTES_MAX ? "embstr" : "raw";
    }

    private static Reply refuseUse(View view, Arguments arguments) {
        if (!Keys.exists(view, arguments.get(2))) {
            return Reply.NULL;
        }
        throw new RedisError("ERR OBJECT " + arguments.text(1).toUpperCase(Locale.ROOT)
                + " is not available: Hence does not record the use of keys");
    }
}
