package dev.hence.redis.commands;

import dev.hence.core.commands.Keys;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Decimals;
import dev.hence.core.replica.UpdateTooLargeException;
import dev.hence.node.store.Store;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The commands that iterate over or count the keys of the node. They read the store page by page, so that memory stays
 * bounded at any number of keys; each page is a consistent snapshot.
 */
final class KeyspaceCommands {

    /** The maximum size of one reply of KEYS, in bytes. */
    static final long KEYS_BYTES_MAX = 64L << 20;

    private static final int PAGE_KEYS = 1_000;
    private static final long PAGE_BYTES = 1L << 20;

    private static final long SCAN_COUNT = 10;

    private static final String IN_STEPS = "Removes what this node has seen, in several updates. Keys written in the"
            + " meantime may remain; keys written concurrently at another node do remain. Because it is not a"
            + " single update, MULTI rejects it.";

    private KeyspaceCommands() {}

    /** All of these commands. */
    static List<Command> all() {
        return List.of(
                keyspace("KEYS", "pattern", 2)
                        .flags(Flag.WALKS)
                        .summary("Returns all key names that match a pattern, if they fit into one reply.")
                        .onSession(KeyspaceCommands::keys),
                keyspace("SCAN", "cursor [MATCH pattern] [COUNT count] [TYPE type]", -2)
                        .flags(Flag.WALKS)
                        .summary("Iterates over the key names. A cursor is valid only at the node that returned it,"
                                + " for as long as the node can keep it.")
                        .onSession(KeyspaceCommands::scan),
                keyspace("RANDOMKEY", "", 1)
                        .summary("Returns a random key name. Every key can be returned, but keys with few similar"
                                + " names are returned more often.")
                        .onSession(KeyspaceCommands::random),
                Command.of(Group.SERVER, "DBSIZE", "")
                        .arity(1)
                        .flags(Flag.FAST)
                        .summary("Returns the number of keys, including expired keys that are not removed yet.")
                        .onSession(KeyspaceCommands::count),
                flush("FLUSHALL"),
                flush("FLUSHDB"));
    }

    private static Command.Builder keyspace(String name, String syntax, int arity) {
        return Command.of(Group.GENERIC, name, syntax).arity(arity);
    }

    private static Command flush(String name) {
        return Command.of(Group.SERVER, name, "[ASYNC | SYNC]")
                .arity(-1)
                .flags(Flag.WALKS, Flag.NO_MULTI)
                .summary("Removes all keys. There is only one database, so FLUSHALL and FLUSHDB do the same.")
                .concurrently(IN_STEPS)
                .onSession(KeyspaceCommands::flush);
    }

    private static Reply keys(Session session, Arguments arguments) {
        Glob pattern = new Glob(arguments.get(1));
        List<Reply> found = new ArrayList<>();
        long bytes = 0;
        Bytes after = null;
        do {
            Store.Page page = page(session, pattern.prefix(), after, PAGE_KEYS);
            for (Store.KeyEntry entry : page.entries()) {
                if (pattern.matches(entry.key())) {
                    Reply key = new Reply.Bulk(entry.key());
                    found.add(key);
                    bytes += Reply.sizeBytes(key);
                }
            }
            if (bytes > KEYS_BYTES_MAX) {
                throw new RedisError("ERR keys: more match than fit into one reply (expected: at most " + KEYS_BYTES_MAX
                        + " bytes; use SCAN)");
            }
            after = page.next();
        } while (after != null);
        return new Reply.Array(found);
    }

    private static Store.Page page(Session session, Bytes prefix, @Nullable Bytes after, int limit) {
        Store.Reading<Store.Page> reading = session.store().scan(prefix, after, limit, PAGE_BYTES);
        session.saw(reading.clock());
        return reading.value();
    }

    private static Reply scan(Session session, Arguments arguments) {
        Bytes after = place(session, arguments);
        long count = SCAN_COUNT;
        Glob pattern = new Glob(Bytes.utf8("*"));
        Predicate<Store.KeyEntry> wanted = entry -> true;
        for (int at = 2; at < arguments.count(); at += 2) {
            if (at + 1 == arguments.count()) {
                throw RedisError.syntax();
            }
            if (arguments.is(at, "COUNT")) {
                count = arguments.integer(at + 1, 1, Long.MAX_VALUE, "syntax error");
            } else if (arguments.is(at, "MATCH")) {
                pattern = new Glob(arguments.get(at + 1));
            } else if (arguments.is(at, "TYPE")) {
                wanted = ofType(arguments, at + 1);
            } else {
                throw RedisError.syntax();
            }
        }
        Store.Page page = page(session, pattern.prefix(), after, (int) Math.min(count, PAGE_KEYS));
        List<Bytes> found = page.entries().stream()
                .filter(wanted)
                .map(Store.KeyEntry::key)
                .filter(pattern::matches)
                .toList();
        Bytes next = page.next();
        long cursor = next == null ? 0 : session.scanCursors().after(next);
        return new Reply.Array(List.of(Reply.of(Long.toString(cursor)), Reply.ofAll(found)));
    }

    private static Predicate<Store.KeyEntry> ofType(Arguments arguments, int at) {
        for (DataType type : DataType.values()) {
            if (type.redisName().equalsIgnoreCase(arguments.text(at))) {
                return entry -> entry.head().type() == type;
            }
        }
        return entry -> false;
    }

    /** The key after which a scan continues; null for the beginning. */
    private static @Nullable Bytes place(Session session, Arguments arguments) {
        OptionalLong cursor = Decimals.parseLong(arguments.get(1));
        if (cursor.isPresent() && cursor.getAsLong() == 0) {
            return null;
        }
        Bytes after = cursor.isPresent() ? session.scanCursors().find(cursor.getAsLong()) : null;
        if (after == null) {
            throw new RedisError("ERR invalid cursor");
        }
        return after;
    }

    private static Reply random(Session session, Arguments arguments) {
        Bytes key = RandomKey.of(
                session.store(), bound -> ThreadLocalRandom.current().nextInt(bound));
        session.saw(session.store().clock());
        return Reply.of(key);
    }

    private static Reply count(Session session, Arguments arguments) {
        long keys = session.store().keys();
        session.saw(session.store().clock());
        return Reply.of(keys);
    }

    private static Reply flush(Session session, Arguments arguments) throws InterruptedException {
        boolean known = arguments.count() == 1
                || (arguments.count() == 2 && (arguments.is(1, "ASYNC") || arguments.is(1, "SYNC")));
        if (!known) {
            throw RedisError.syntax();
        }
        Bytes after = null;
        do {
            // Includes keys that have expired but are not removed yet; otherwise DBSIZE would keep counting them.
            Store.Reading<Store.Page> reading = session.store().scanHeld(after, PAGE_KEYS, PAGE_BYTES);
            session.saw(reading.clock());
            Store.Page page = reading.value();
            List<Bytes> keys = page.entries().stream().map(Store.KeyEntry::key).toList();
            try {
                delete(session, keys);
            } catch (UpdateTooLargeException tooLarge) {
                // The removal of a counter records what it observed, so keys may have to be removed one by one.
                for (Bytes key : keys) {
                    delete(session, List.of(key));
                }
            }
            after = page.next();
        } while (after != null);
        return Reply.OK;
    }

    private static void delete(Session session, List<Bytes> keys) throws InterruptedException {
        if (keys.isEmpty()) {
            return;
        }
        session.write(transaction -> {
            keys.forEach(key -> Keys.delete(transaction, key));
            return keys;
        });
    }
}
