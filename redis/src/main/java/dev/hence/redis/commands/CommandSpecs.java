package dev.hence.redis.commands;

import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Action;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.KeyPositions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The reply to {@code COMMAND INFO}: the ten fields that Redis clients expect. */
final class CommandSpecs {

    private CommandSpecs() {}

    /** The entry of a command. */
    static Reply info(Command command, Collection<Command> subcommands) {
        KeyPositions.Range range = range(command.keys());
        return new Reply.Array(List.of(
                Reply.of(shown(command.name())),
                Reply.of(command.arity()),
                simples(flags(command)),
                Reply.of(range.first()),
                Reply.of(range.last()),
                Reply.of(range.step()),
                simples(categories(command)),
                Reply.EMPTY,
                new Reply.Array(keySpecs(command)),
                subcommands(subcommands)));
    }

    /** The entry of a container, which is only the first word of its subcommands. */
    static Reply info(String container, Collection<Command> subcommands) {
        return new Reply.Array(List.of(
                Reply.of(shown(container)),
                Reply.of(-2),
                simples(List.of()),
                Reply.ZERO,
                Reply.ZERO,
                Reply.ZERO,
                simples(List.of("@slow")),
                Reply.EMPTY,
                Reply.EMPTY,
                subcommands(subcommands)));
    }

    private static Reply subcommands(Collection<Command> subcommands) {
        return new Reply.Array(
                subcommands.stream().map(each -> info(each, List.of())).toList());
    }

    private static String shown(String name) {
        return name.toLowerCase(Locale.ROOT).replace(' ', '|');
    }

    private static Reply simples(List<String> words) {
        return new Reply.SetOf(words.stream().<Reply>map(Reply.Simple::new).toList());
    }

    private static List<String> flags(Command command) {
        List<String> flags = new ArrayList<>();
        if (command.isWrite()) {
            flags.add("write");
        } else if (command.action() instanceof Action.Read) {
            flags.add("readonly");
        }
        add(flags, command, Flag.FAST, "fast");
        add(flags, command, Flag.ADMIN, "admin");
        add(flags, command, Flag.PUBSUB, "pubsub");
        add(flags, command, Flag.BLOCKING, "blocking");
        add(flags, command, Flag.NO_AUTH, "no_auth");
        add(flags, command, Flag.NO_MULTI, "no_multi");
        if (command.keys() instanceof KeyPositions.Counted) {
            flags.add("movablekeys");
        }
        return flags;
    }

    private static void add(List<String> words, Command command, Flag flag, String word) {
        if (command.flags().contains(flag)) {
            words.add(word);
        }
    }

    /** The ACL categories of a command, as Redis names them. */
    static List<String> categories(Command command) {
        List<String> categories = new ArrayList<>();
        if (command.isWrite()) {
            categories.add("@write");
        } else if (command.action() instanceof Action.Read) {
            categories.add("@read");
        }
        String group = category(command.group());
        if (!group.isEmpty()) {
            categories.add(group);
        }
        add(categories, command, Flag.ADMIN, "@admin");
        add(categories, command, Flag.ADMIN, "@dangerous");
        add(categories, command, Flag.BLOCKING, "@blocking");
        categories.add(command.flags().contains(Flag.FAST) ? "@fast" : "@slow");
        return categories;
    }

    private static String category(Group group) {
        return switch (group) {
            case STRING -> "@string";
            case GENERIC -> "@keyspace";
            case HASH -> "@hash";
            case SET -> "@set";
            case SORTED_SET -> "@sortedset";
            case LIST -> "@list";
            case TRANSACTIONS -> "@transaction";
            case PUBSUB -> "@pubsub";
            case CONNECTION -> "@connection";
            case CAUSAL, SERVER, UNSUPPORTED -> "";
        };
    }

    private static KeyPositions.Range range(KeyPositions keys) {
        return switch (keys) {
            case KeyPositions.Range range -> range;
            case KeyPositions.Counted counted -> {
                List<Integer> fixed = counted.fixed();
                yield fixed.isEmpty()
                        ? new KeyPositions.Range(0, 0, 0)
                        : new KeyPositions.Range(fixed.getFirst(), fixed.getLast(), 1);
            }
        };
    }

    private static List<Reply> keySpecs(Command command) {
        List<Reply> specs = new ArrayList<>();
        switch (command.keys()) {
            case KeyPositions.Range(int first, int last, int step) -> {
                if (first > 0) {
                    specs.add(ranged(command, first, last < 0 ? last : last - first, step));
                }
            }
            case KeyPositions.Counted(List<Integer> fixed, int countAt) -> {
                fixed.forEach(at -> specs.add(ranged(command, at, 0, 1)));
                specs.add(spec(
                        command,
                        countAt,
                        "keynum",
                        map("keynumidx", Reply.ZERO, "firstkey", Reply.ONE, "keystep", Reply.ONE)));
            }
        }
        return specs;
    }

    private static Reply ranged(Command command, int first, int last, int step) {
        return spec(
                command,
                first,
                "range",
                map("lastkey", Reply.of(last), "keystep", Reply.of(step), "limit", Reply.ZERO));
    }

    private static Reply spec(Command command, int begin, String find, Reply how) {
        return map(
                "flags",
                simples(List.of(command.isWrite() ? "RW" : "RO")),
                "begin_search",
                map("type", Reply.of("index"), "spec", map("index", Reply.of(begin))),
                "find_keys",
                map("type", Reply.of(find), "spec", how));
    }

    private static Reply map(Object... namesAndValues) {
        List<Reply> both = new ArrayList<>();
        for (Object each : namesAndValues) {
            both.add(each instanceof Reply reply ? reply : Reply.of(String.valueOf(each)));
        }
        return new Reply.MapOf(both);
    }
}
