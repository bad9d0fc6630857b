package dev.hence.redis.execution;

import dev.hence.redis.connection.RedisError;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The declaration of a command.
 *
 * @param name in capitals; for a subcommand, the container's name, a space, and its own
 * @param syntax its arguments in readable form; empty for none
 * @param arity the number of words including the name (both words of a subcommand); negative for a minimum
 * @param keys which words are keys
 * @param flags properties that clients may query
 * @param group its section in the reference
 * @param summary one sentence
 * @param concurrently how concurrent executions on two nodes merge, with each other or with other commands on the same
 *     key; empty only for commands that write nothing
 * @param action what it does
 */
public record Command(
        String name,
        String syntax,
        int arity,
        KeyPositions keys,
        Set<Flag> flags,
        Group group,
        String summary,
        String concurrently,
        Action action) {

    /** @throws IllegalArgumentException if the declaration is incomplete */
    public Command {
        flags = Set.copyOf(flags);
        boolean writes = action instanceof Action.Write || action instanceof Action.Blocking;
        if (summary.isEmpty() || (writes && concurrently.isEmpty())) {
            throw new IllegalArgumentException("command " + name
                    + ": incomplete (expected: a summary, and for a write what comes of concurrent use)");
        }
    }

    /** Whether it changes keys. */
    public boolean isWrite() {
        return action instanceof Action.Write || action instanceof Action.Blocking;
    }

    /** Whether it exists only to reply that it is not supported. */
    public boolean isRefused() {
        return flags.contains(Flag.REFUSED);
    }

    /** Whether the arity allows this number of words. */
    public boolean fits(int words) {
        return arity < 0 ? words >= -arity : words == arity;
    }

    /** The error for a wrong number of words. */
    public RedisError wrongArity() {
        return new RedisError("ERR wrong number of arguments for '"
                + name.toLowerCase(Locale.ROOT).replace(' ', '|') + "' command");
    }

    /** Begins the declaration of a command. */
    public static Builder of(Group group, String name, String syntax) {
        return new Builder(group, name, syntax);
    }

    /** A declaration in progress. */
    public static final class Builder {
        private static final String WAITS =
                " The command blocks at its own node and is unblocked by local writes and by updates from other nodes.";

        private final Group group;
        private final String name;
        private final String syntax;
        private final Set<Flag> flags = EnumSet.noneOf(Flag.class);
        private int arity = 1;
        private KeyPositions keys = KeyPositions.NONE;
        private String summary = "";
        private String concurrently = "";

        private Builder(Group group, String name, String syntax) {
            this.group = group;
            this.name = name;
            this.syntax = syntax;
        }

        /** The number of words including the name; negative for a minimum. */
        public Builder arity(int words) {
            arity = words;
            return this;
        }

        public Builder keys(KeyPositions positions) {
            keys = positions;
            return this;
        }

        public Builder flags(Flag... more) {
            flags.addAll(Arrays.asList(more));
            return this;
        }

        public Builder summary(String sentence) {
            summary = sentence;
            return this;
        }

        /** How concurrent executions on two nodes merge. */
        public Builder concurrently(String sentences) {
            concurrently = sentences;
            return this;
        }

        public Command reads(Action.Read action) {
            return build(action);
        }

        public Command writes(Action.Write action) {
            return build(action);
        }

        /** Adds the flag and the sentence that all blocking commands have. */
        public Command blocks(Action.Blocking action) {
            flags.add(Flag.BLOCKING);
            if (!concurrently.isEmpty()) {
                concurrently += WAITS;
            }
            return build(action);
        }

        public Command onSession(Action.OnSession action) {
            return build(action);
        }

        public Command atOnce(Action.AtOnce action) {
            return build(action);
        }

        public Command prepares(Action.Prepared action) {
            return build(action);
        }

        private Command build(Action action) {
            return new Command(name, syntax, arity, keys, flags, group, summary, concurrently, action);
        }
    }
}
