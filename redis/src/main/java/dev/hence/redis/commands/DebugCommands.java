package dev.hence.redis.commands;

import dev.hence.core.keyspace.View;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.KeyPositions;
import java.util.List;

/** DEBUG: only the subcommand that tools use, the encoding of a key. Nothing here stops or slows a node. */
final class DebugCommands {

    private DebugCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of(Group.SERVER, "DEBUG OBJECT", "key")
                        .arity(3)
                        .keys(new KeyPositions.Range(2, 2, 1))
                        .flags(Flag.ADMIN, Flag.WALKS)
                        .summary("Returns the encoding and the approximate size of a key, as OBJECT ENCODING and"
                                + " MEMORY USAGE do. Values that a node does not record are 0.")
                        .reads(DebugCommands::object),
                Command.of(Group.SERVER, "DEBUG HELP", "")
                        .arity(2)
                        .summary("Returns helpful text about the different subcommands.")
                        .atOnce((session, arguments) -> Help.of(session.commands(), "DEBUG")));
    }

    private static Reply object(View view, Arguments arguments) {
        String encoding = KeyCommands.encodingName(view, arguments.get(2));
        if (encoding == null) {
            throw new RedisError("ERR no such key");
        }
        long bytes = MemoryCommands.bytes(view, arguments.get(2), MemoryCommands.SAMPLES_DEFAULT);
        return new Reply.Simple("Value at:0x0 refcount:1 encoding:" + encoding + " serializedlength:" + bytes
                + " lru:0 lru_seconds_idle:0");
    }
}
