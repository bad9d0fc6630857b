package dev.hence.redis.commands;

import dev.hence.core.commands.Keys;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.CollectionMeta;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Element;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.MvRegister;
import dev.hence.core.keyspace.State.Direction;
import dev.hence.core.keyspace.View;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.KeyPositions;
import java.util.List;

/** MEMORY: the approximate size of a key. Data is on disk, so this is the size of its rows. */
final class MemoryCommands {

    private static final int ROW_BYTES = 16;
    private static final int ENTRY_BYTES = 24;
    static final long SAMPLES_DEFAULT = 5;

    private MemoryCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of(Group.SERVER, "MEMORY USAGE", "key [SAMPLES count]")
                        .arity(-3)
                        .keys(new KeyPositions.Range(2, 2, 1))
                        .flags(Flag.WALKS)
                        .summary("Estimates the size of a key on disk in bytes, before compression. For a collection"
                                + " the estimate is based on SAMPLES elements (default 5, 0 for all).")
                        .reads(MemoryCommands::usage),
                Command.of(Group.SERVER, "MEMORY DOCTOR", "")
                        .arity(2)
                        .summary("Returns advice on where to find memory figures.")
                        .atOnce((session, arguments) -> new Reply.Verbatim(
                                "The data is on disk and memory is bounded by the Java heap. INFO memory and the"
                                        + " metrics over HTTP show how much of it is used.")),
                Command.of(Group.SERVER, "MEMORY HELP", "")
                        .arity(2)
                        .summary("Returns helpful text about the different subcommands.")
                        .atOnce((session, arguments) -> Help.of(session.commands(), "MEMORY")));
    }

    private static Reply usage(View view, Arguments arguments) {
        long samples = samples(arguments);
        Bytes key = arguments.get(2);
        return Keys.exists(view, key) ? Reply.of(bytes(view, key, samples)) : Reply.NULL;
    }

    /** The approximate size of an existing key in bytes, estimated from a sample of its elements. */
    static long bytes(View view, Bytes key, long samples) {
        KeyHead shown = view.visible(key);
        long bytes = ROW_BYTES + key.length() + size(shown.string());
        for (CollectionMeta collection : shown.collections()) {
            bytes += ENTRY_BYTES + elements(view, key, collection, samples);
        }
        return bytes;
    }

    private static long samples(Arguments arguments) {
        if (arguments.count() == 3) {
            return SAMPLES_DEFAULT;
        }
        if (arguments.count() != 5 || !arguments.is(3, "SAMPLES")) {
            throw RedisError.syntax();
        }
        long samples = arguments.integer(4);
        if (samples < 0) {
            throw RedisError.syntax();
        }
        return samples == 0 ? Long.MAX_VALUE : samples;
    }

    private static long elements(View view, Bytes key, CollectionMeta collection, long samples) {
        long[] seen = {0, 0};
        view.walk(key, Element.kind(collection.type()), null, Direction.UP, (row, cell) -> {
            // A sorted set has a second row per member, which holds its position in the order.
            long rows = collection.type() == DataType.SORTED_SET ? 2 : 1;
            seen[0]++;
            seen[1] += rows * (ROW_BYTES + key.length() + row.length()) + size(cell);
            return seen[0] < samples;
        });
        return seen[0] == 0 ? 0 : Math.round((double) seen[1] / seen[0] * Math.max(seen[0], collection.count()));
    }

    private static long size(Cell cell) {
        long bytes = 0;
        for (MvRegister.Entry entry : cell.register().entries()) {
            bytes += ENTRY_BYTES + entry.value().length();
        }
        return bytes + 2L * ENTRY_BYTES * cell.counter().runs().size();
    }
}
