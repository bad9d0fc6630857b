package dev.hence.redis.commands;

import dev.hence.redis.execution.CommandTable;
import java.util.List;
import java.util.stream.Stream;

/** All commands. */
public final class AllCommands {

    private static final CommandTable TABLE = new CommandTable(Stream.of(
                    StringCommands.all(),
                    KeyCommands.all(),
                    ExpiryCommands.all(),
                    KeyspaceCommands.all(),
                    HashCommands.all(),
                    SetCommands.all(),
                    SortedSetCommands.all(),
                    SortedSetCombinationCommands.all(),
                    ListCommands.all(),
                    TransactionCommands.all(),
                    PubSubCommands.all(),
                    CausalCommands.all(),
                    WaitCommands.all(),
                    ConnectionCommands.all(),
                    ClientCommands.all(),
                    IntrospectionCommands.all(),
                    ServerCommands.all(),
                    ConfigCommands.all(),
                    SlowLogCommands.all(),
                    MemoryCommands.all(),
                    DebugCommands.all(),
                    UnsupportedCommands.all())
            .flatMap(List::stream)
            .toList());

    private AllCommands() {}

    /** Returns the table of all commands. */
    public static CommandTable table() {
        return TABLE;
    }
}
