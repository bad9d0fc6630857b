package dev.hence.redis.commands;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Operation;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.Session;
import dev.hence.redis.execution.Submission;
import dev.hence.redis.node.Subscribers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The commands on channels. A message is part of an update: it is replicated with the data written before it and
 * reaches the subscribers of each node after that data.
 */
final class PubSubCommands {

    /**
     * The maximum length of a pattern, in bytes. Matching takes at most its length times that of the channel, and the
     * writer does it for every message.
     */
    static final int PATTERN_BYTES_MAX = 256;

    private PubSubCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of(Group.PUBSUB, "PUBLISH", "channel message")
                        .arity(3)
                        .flags(Flag.PUBSUB, Flag.FAST)
                        .summary("Posts a message to a channel. It reaches the subscribers at every node. Returns the"
                                + " number of subscribers at this node only.")
                        .concurrently("Every subscriber receives both messages. Causally ordered messages arrive in"
                                + " that order at every node, after the data that was written before them. The"
                                + " order of concurrent messages may differ between nodes.")
                        .prepares(PubSubCommands::publish),
                listening("SUBSCRIBE", "channel [channel ...]", -2)
                        .summary("Subscribes to channels. The client receives messages that are committed at this"
                                + " node from now on.")
                        .onSession((session, arguments) -> subscribe(
                                session,
                                arguments,
                                "channel",
                                channelBytesMax(session),
                                channel -> registry(session).subscribe(session, channel))),
                listening("PSUBSCRIBE", "pattern [pattern ...]", -2)
                        .summary("Subscribes to channels that match one or more patterns.")
                        .onSession((session, arguments) -> subscribe(
                                session,
                                arguments,
                                "pattern",
                                PATTERN_BYTES_MAX,
                                pattern -> registry(session).subscribe(session, pattern, new Glob(pattern)::matches))),
                listening("UNSUBSCRIBE", "[channel ...]", -1)
                        .summary("Unsubscribes from the given channels, or from all if none is given.")
                        .onSession((session, arguments) -> unsubscribe(
                                session,
                                arguments,
                                channel -> registry(session).unsubscribe(session, channel),
                                registry(session)::unsubscribeAll)),
                listening("PUNSUBSCRIBE", "[pattern ...]", -1)
                        .summary("Unsubscribes from the given patterns, or from all if none is given.")
                        .onSession((session, arguments) -> unsubscribe(
                                session,
                                arguments,
                                pattern -> registry(session).unsubscribePattern(session, pattern),
                                registry(session)::unsubscribeAllPatterns)),
                Command.of(Group.PUBSUB, "PUBSUB CHANNELS", "[pattern]")
                        .arity(-2)
                        .flags(Flag.PUBSUB)
                        .summary("Returns the channels with at least one subscriber at this node, not counting"
                                + " pattern subscriptions.")
                        .onSession(PubSubCommands::channels),
                Command.of(Group.PUBSUB, "PUBSUB NUMSUB", "[channel ...]")
                        .arity(-2)
                        .flags(Flag.PUBSUB)
                        .summary("Returns the number of subscribers of each channel at this node, not counting"
                                + " pattern subscriptions.")
                        .onSession(PubSubCommands::listening),
                Command.of(Group.PUBSUB, "PUBSUB NUMPAT", "")
                        .arity(2)
                        .flags(Flag.PUBSUB)
                        .summary("Returns the number of distinct patterns that clients of this node are subscribed"
                                + " to.")
                        .onSession((session, arguments) ->
                                Reply.of(registry(session).patterns())),
                Command.of(Group.PUBSUB, "PUBSUB HELP", "")
                        .arity(2)
                        .flags(Flag.PUBSUB)
                        .summary("Returns helpful text about the different subcommands.")
                        .atOnce((session, arguments) -> Help.of(session.commands(), "PUBSUB")));
    }

    private static Command.Builder listening(String name, String syntax, int arity) {
        return Command.of(Group.PUBSUB, name, syntax).arity(arity).flags(Flag.PUBSUB, Flag.WHILE_SUBSCRIBED);
    }

    private static Subscribers registry(Session session) {
        return session.commons().subscribers();
    }

    private static Submission publish(Session session, Arguments arguments) {
        Bytes channel = arguments.get(1);
        requireLength("channel", channel, channelBytesMax(session));
        if (channel.startsWith(Operation.Publish.HIDDEN_CHANNELS)) {
            throw new RedisError("ERR channel: begins as those of the node itself do (expected: another name)");
        }
        Bytes message = arguments.get(2);
        Subscribers subscribers = registry(session);
        return Submission.of(transaction -> {
            transaction.publish(channel, message);
            return Reply.of(subscribers.reached(channel));
        });
    }

    private static int channelBytesMax(Session session) {
        return session.commons().config().limits().keyBytesMax();
    }

    private static void requireLength(String what, Bytes name, int bytesMax) {
        if (name.length() > bytesMax) {
            throw new RedisError("ERR " + what + ": " + name.length() + " bytes (expected: at most " + bytesMax + ")");
        }
    }

    private static Reply subscribe(
            Session session, Arguments arguments, String what, int bytesMax, Function<Bytes, Reply> subscription) {
        List<Bytes> names = arguments.from(1);
        names.forEach(name -> requireLength(what, name, bytesMax));
        if (!registry(session).hasRoomFor(session, names)) {
            throw new RedisError("ERR subscriptions: too many (expected: at most " + Subscribers.SUBSCRIPTIONS_MAX
                    + " channels and patterns a connection, of " + Subscribers.NAMES_BYTES_MAX + " bytes together)");
        }
        return each(names, subscription);
    }

    /** Messages already pushed are sent before the confirmation: none may follow it. */
    private static Reply unsubscribe(
            Session session,
            Arguments arguments,
            Function<Bytes, Reply> one,
            Function<Subscribers.Subscriber, List<Reply>> all) {
        Reply confirmations =
                arguments.count() > 1 ? each(arguments.from(1), one) : new Reply.Several(all.apply(session));
        session.sendPushed();
        return confirmations;
    }

    private static Reply each(List<Bytes> names, Function<Bytes, Reply> confirmation) {
        List<Reply> confirmations = new ArrayList<>(names.size());
        names.forEach(name -> confirmations.add(confirmation.apply(name)));
        return new Reply.Several(confirmations);
    }

    private static Reply channels(Session session, Arguments arguments) {
        if (arguments.count() > 3) {
            throw RedisError.syntax();
        }
        List<Bytes> channels = registry(session).channels();
        if (arguments.count() == 3) {
            Glob pattern = new Glob(arguments.get(2));
            channels.removeIf(channel -> !pattern.matches(channel));
        }
        return Reply.ofAll(channels);
    }

    private static Reply listening(Session session, Arguments arguments) {
        List<Reply> both = new ArrayList<>();
        for (Bytes channel : arguments.from(2)) {
            both.add(new Reply.Bulk(channel));
            both.add(Reply.of(registry(session).listening(channel)));
        }
        return new Reply.Array(both);
    }
}
