package dev.hence.server.resp.group;

import dev.hence.core.keyspace.View;
import dev.hence.server.resp.command.Arguments;
import dev.hence.server.resp.command.Command;
import dev.hence.server.resp.command.Flag;
import dev.hence.server.resp.command.Group;
import dev.hence.server.resp.command.KeyPositions;
import dev.hence.server.resp.command.RedisError;
import dev.hence.server.resp.reply.Reply;
import java.util.List;

/** DEBUG: the one question of it that tools ask, what a key is made of. Nothing here stops or slows a node. */
final class DebugCommands {

    private DebugCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of(Group.SERVER, "DEBUG OBJECT", "key")
                        .arity(3)
                        .keys(new KeyPositions.Range(2, 2, 1))
                        .flags(Flag.ADMIN, Flag.WALKS)
                        .summary("Returns the encoding and about the size of a key, as OBJECT ENCODING and MEMORY USAGE"
                                + " do; what a node does not keep is 0.")
                        .reads(DebugCommands::object),
                Command.of(Group.SERVER, "DEBUG HELP", "")
                        .arity(2)
                        .summary("The subcommands.")
                        .atOnce((session, arguments) -> Help.of("DEBUG")));
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
