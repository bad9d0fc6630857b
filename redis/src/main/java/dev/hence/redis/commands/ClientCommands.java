package dev.hence.redis.commands;

import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.Client;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.connection.Wait;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.ReplyMode;
import dev.hence.redis.execution.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code CLIENT}: the clients of the Redis protocol at this node, and the options of the calling client. */
final class ClientCommands {

    /**
     * The maximum length of the name of a client or its library, in bytes. The limit exists because every client can
     * list them.
     */
    private static final int NAME_LENGTH_MAX = 1_024;

    private ClientCommands() {}

    static List<Command> all() {
        return Stream.concat(aboutThis().stream(), aboutAll().stream()).toList();
    }

    private static Command.Builder command(String name, String syntax, int arity) {
        return Command.of(Group.CONNECTION, "CLIENT " + name, syntax).arity(arity);
    }

    private static List<Command> aboutThis() {
        return List.of(
                command("ID", "", 2)
                        .summary("Returns the unique client ID of the connection. IDs are not reused while the"
                                + " process runs.")
                        .atOnce((session, arguments) ->
                                Reply.of(session.client().id())),
                command("SETNAME", "connection-name", 3)
                        .summary("Sets the connection name, as shown by CLIENT LIST.")
                        .atOnce((session, arguments) -> {
                            session.client().name(name(arguments.text(2)));
                            return Reply.OK;
                        }),
                command("GETNAME", "", 2)
                        .summary("Returns the name of the connection.")
                        .atOnce((session, arguments) -> getName(session.client())),
                command("SETINFO", "LIB-NAME name | LIB-VER version", 4)
                        .summary("Sets the name or version of the client library, as shown by CLIENT LIST.")
                        .atOnce((session, arguments) -> setInfo(session.client(), arguments)),
                command("INFO", "", 2)
                        .summary("Returns information about the connection, in the format of CLIENT LIST.")
                        .atOnce((session, arguments) -> new Reply.Verbatim(line(session.client()) + "\n")),
                command("REPLY", "ON | OFF | SKIP", 3)
                        .summary("Instructs the server whether to reply to commands: to all, to none, or not to the"
                                + " next one.")
                        .onSession(ClientCommands::reply),
                command("NO-EVICT", "ON | OFF", 3)
                        .summary("Has no effect: a node does not evict clients.")
                        .atOnce((session, arguments) -> onOrOff(session.client(), arguments, Client::noEvict)),
                command("NO-TOUCH", "ON | OFF", 3)
                        .summary("Has no effect: a node does not record when keys are accessed.")
                        .atOnce((session, arguments) -> onOrOff(session.client(), arguments, Client::noTouch)),
                command("GETREDIR", "", 2)
                        .summary("Returns -1: client-side caching is not supported.")
                        .atOnce((session, arguments) -> Reply.of(-1)),
                command("TRACKING", "ON | OFF [option ...]", -3)
                        .flags(Flag.REFUSED)
                        .summary("Not supported: there is no client-side caching.")
                        .atOnce((session, arguments) -> tracking(arguments)));
    }

    private static List<Command> aboutAll() {
        return List.of(
                command("LIST", "[TYPE NORMAL | MASTER | REPLICA | PUBSUB] [ID client-id [client-id ...]]", -2)
                        .flags(Flag.ADMIN)
                        .summary("Lists the open connections of the Redis protocol at this node, one per line.")
                        .onSession(ClientCommands::list),
                command(
                                "KILL",
                                "ip:port | [ID client-id] [TYPE type] [USER name] [ADDR ip:port] [LADDR ip:port]"
                                        + " [SKIPME yes | no] [MAXAGE seconds]",
                                -3)
                        .flags(Flag.ADMIN)
                        .summary("Terminates open connections.")
                        .onSession(ClientCommands::kill),
                command("UNBLOCK", "client-id [TIMEOUT | ERROR]", -3)
                        .flags(Flag.ADMIN)
                        .summary("Unblocks a client that is blocked by a blocking command.")
                        .onSession(ClientCommands::unblock),
                command("PAUSE", "timeout [WRITE | ALL]", -3)
                        .flags(Flag.ADMIN, Flag.REFUSED)
                        .summary("Not supported: clients cannot be paused.")
                        .atOnce((session, arguments) -> {
                            throw new RedisError("ERR CLIENT PAUSE is not supported: a node of a cluster that takes"
                                    + " writes everywhere gains nothing by it");
                        }),
                command("HELP", "", 2)
                        .summary("Returns helpful text about the different subcommands.")
                        .atOnce((session, arguments) -> Help.of(session.commands(), "CLIENT")));
    }

    private static Reply getName(Client client) {
        return client.name().isEmpty() ? Reply.NULL : Reply.of(client.name());
    }

    /** Validates the name of a client: anything that {@code CLIENT LIST} can show as one word. */
    static String name(String name) {
        if (!isWord(name)) {
            throw new RedisError("ERR Client names cannot contain spaces, newlines or special characters.");
        }
        requireLength("name", name);
        return name;
    }

    private static void requireLength(String what, String word) {
        if (word.length() > NAME_LENGTH_MAX) {
            throw new RedisError(
                    "ERR " + what + ": " + word.length() + " bytes (expected: at most " + NAME_LENGTH_MAX + ")");
        }
    }

    private static boolean isWord(String text) {
        return text.chars().allMatch(c -> c >= '!' && c <= '~');
    }

    private static Reply setInfo(Client client, Arguments arguments) {
        boolean isName = arguments.is(2, "LIB-NAME");
        if (!isName && !arguments.is(2, "LIB-VER")) {
            throw new RedisError("ERR Unrecognized option '" + arguments.text(2) + "'");
        }
        String value = arguments.text(3);
        if (!isWord(value)) {
            throw new RedisError("ERR " + (isName ? "lib-name" : "lib-ver")
                    + " cannot contain spaces, newlines or special characters.");
        }
        requireLength(isName ? "lib-name" : "lib-ver", value);
        if (isName) {
            client.libraryName(value);
        } else {
            client.libraryVersion(value);
        }
        return Reply.OK;
    }

    private static Reply reply(Session session, Arguments arguments) {
        session.replyMode(
                arguments.is(2, "ON") ? ReplyMode.ON : arguments.is(2, "OFF") ? ReplyMode.OFF : skip(arguments));
        return Reply.OK;
    }

    private static ReplyMode skip(Arguments arguments) {
        if (!arguments.is(2, "SKIP")) {
            throw RedisError.syntax();
        }
        return ReplyMode.SKIP;
    }

    private static Reply onOrOff(Client client, Arguments arguments, BiConsumer<Client, Boolean> setting) {
        if (!arguments.is(2, "ON") && !arguments.is(2, "OFF")) {
            throw RedisError.syntax();
        }
        setting.accept(client, arguments.is(2, "ON"));
        return Reply.OK;
    }

    private static Reply tracking(Arguments arguments) {
        if (arguments.is(2, "OFF")) {
            return Reply.OK;
        }
        throw new RedisError("ERR CLIENT TRACKING is not supported: this node does not tell clients which of the keys"
                + " they have cached were changed");
    }

    private static Reply list(Session session, Arguments arguments) {
        List<Client> clients = session.clients().all();
        if (arguments.count() == 4 && arguments.is(2, "TYPE")) {
            Predicate<Client> wanted = type(arguments.text(3));
            clients = clients.stream().filter(wanted).toList();
        } else if (arguments.count() > 3 && arguments.is(2, "ID")) {
            List<Long> ids = new ArrayList<>();
            for (int at = 3; at < arguments.count(); at++) {
                ids.add(arguments.integer(at, 1, Long.MAX_VALUE, "Invalid client ID"));
            }
            clients =
                    clients.stream().filter(client -> ids.contains(client.id())).toList();
        } else if (arguments.count() > 2) {
            throw RedisError.syntax();
        }
        return new Reply.Verbatim(
                clients.stream().map(client -> line(client) + "\n").collect(Collectors.joining()));
    }

    private static Predicate<Client> type(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "normal" -> client -> !client.isSubscribed();
            case "pubsub" -> Client::isSubscribed;
            case "master", "replica", "slave" -> client -> false;
            default -> throw new RedisError("ERR Unknown client type '" + name + "'");
        };
    }

    private static Reply kill(Session session, Arguments arguments) {
        if (arguments.count() == 3) {
            String address = arguments.text(2);
            if (end(session, client -> client.address().equals(address)) == 0) {
                throw new RedisError("ERR No such client");
            }
            return Reply.OK;
        }
        if (arguments.count() % 2 != 0) {
            throw RedisError.syntax();
        }
        Predicate<Client> wanted = client -> true;
        boolean skipSelf = true;
        for (int at = 2; at < arguments.count(); at += 2) {
            if (arguments.is(at, "SKIPME")) {
                skipSelf = yes(arguments, at + 1);
            } else {
                wanted = wanted.and(filter(arguments, at));
            }
        }
        long self = session.client().id();
        return Reply.of(end(session, skipSelf ? wanted.and(client -> client.id() != self) : wanted));
    }

    private static boolean yes(Arguments arguments, int at) {
        if (!arguments.is(at, "YES") && !arguments.is(at, "NO")) {
            throw RedisError.syntax();
        }
        return arguments.is(at, "YES");
    }

    private static Predicate<Client> filter(Arguments arguments, int at) {
        String value = arguments.text(at + 1);
        return switch (arguments.text(at).toUpperCase(Locale.ROOT)) {
            case "ID" -> {
                long id = id(arguments, at + 1);
                yield client -> client.id() == id;
            }
            case "TYPE" -> type(value);
            case "ADDR" -> client -> client.address().equals(value);
            case "LADDR" -> client -> client.localAddress().equals(value);
            case "USER" -> {
                if (!value.equals("default")) {
                    throw new RedisError("ERR No such user '" + value.replaceAll("[\\r\\n]", " ") + "'");
                }
                yield client -> true;
            }
            case "MAXAGE" -> {
                long seconds = arguments.integer(at + 1);
                yield client -> client.ageSeconds() >= seconds;
            }
            default -> throw RedisError.syntax();
        };
    }

    private static long id(Arguments arguments, int at) {
        try {
            return arguments.integer(at, 1, Long.MAX_VALUE, "client-id should be greater than 0");
        } catch (RedisError none) {
            throw new RedisError("ERR client-id should be greater than 0");
        }
    }

    /** Ends the matching connections; the calling client gets its reply first. */
    private static int end(Session session, Predicate<Client> wanted) {
        List<Client> clients = session.clients().all().stream().filter(wanted).toList();
        for (Client client : clients) {
            if (client == session.client()) {
                session.quit();
            } else {
                client.kill();
            }
        }
        return clients.size();
    }

    private static Reply unblock(Session session, Arguments arguments) {
        Wait.End how = Wait.End.TIME_IS_UP;
        if (arguments.count() > 4) {
            throw RedisError.syntax();
        }
        if (arguments.count() == 4) {
            if (!arguments.is(3, "TIMEOUT") && !arguments.is(3, "ERROR")) {
                throw new RedisError("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
            }
            how = arguments.is(3, "ERROR") ? Wait.End.UNBLOCKED_WITH_ERROR : Wait.End.TIME_IS_UP;
        }
        long id = arguments.integer(2);
        for (Client client : session.clients().all()) {
            if (client.id() == id) {
                return Reply.of(client.unblock(how));
            }
        }
        return Reply.ZERO;
    }

    /**
     * All fields of Redis 7.2, because clients that parse the line expect each of them. A field that the node does not
     * measure is 0; the file descriptor is -1, because there is none.
     */
    private static String line(Client client) {
        long unreadBytes = client.unreadBytes();
        return "id=" + client.id()
                + " addr=" + client.address()
                + " laddr=" + client.localAddress()
                + " fd=-1"
                + " name=" + client.name()
                + " age=" + client.ageSeconds()
                + " idle=" + client.idleSeconds()
                + " flags=" + flags(client)
                + " db=0"
                + " sub=" + client.channels()
                + " psub=" + client.patterns()
                + " ssub=0"
                + " multi=" + client.queued()
                + " watch=" + client.watched()
                + " qbuf=0 qbuf-free=0 argv-mem=0"
                + " multi-mem=" + client.queuedBytes()
                + " rbs=0 rbp=0 obl=0 oll=0"
                + " omem=" + unreadBytes
                + " tot-mem=" + (client.queuedBytes() + unreadBytes)
                + " events=r"
                + " cmd=" + client.lastCommand().toLowerCase(Locale.ROOT).replace(' ', '|')
                + " user=default"
                + " redir=-1"
                + " resp=" + client.protocol()
                + " lib-name=" + client.libraryName()
                + " lib-ver=" + client.libraryVersion();
    }

    private static String flags(Client client) {
        String flags = (client.isSubscribed() ? "P" : "")
                + (client.queued() >= 0 ? "x" : "")
                + (client.isBlocked() ? "b" : "")
                + (client.noEvict() ? "e" : "")
                + (client.noTouch() ? "T" : "");
        return flags.isEmpty() ? "N" : flags;
    }
}
