package dev.hence.redis.commands;

import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.Client;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.Session;
import java.util.List;

/** Commands about the connection itself: the identity of the client and its protocol version. */
final class ConnectionCommands {

    /** The Redis version whose commands the node implements. Clients use it to decide which commands they may send. */
    static final String REDIS_VERSION = "7.2.0";

    private static final String DEFAULT_USER = "default";
    private static final String WRONG_PASSWORD = "WRONGPASS invalid username-password pair or user is disabled.";

    private ConnectionCommands() {}

    static List<Command> all() {
        return List.of(
                command("PING", "[message]", -1)
                        .flags(Flag.FAST, Flag.WHILE_SUBSCRIBED)
                        .summary("Returns PONG, or the message.")
                        .atOnce(ConnectionCommands::ping),
                command("ECHO", "message", 2)
                        .flags(Flag.FAST)
                        .summary("Returns the given string.")
                        .atOnce((session, arguments) -> Reply.of(arguments.get(1))),
                command("SELECT", "index", 2)
                        .flags(Flag.FAST)
                        .summary("Selects a database. There is only database 0.")
                        .atOnce((session, arguments) -> select(arguments)),
                command("AUTH", "[username] password", -2)
                        .flags(Flag.FAST, Flag.NO_AUTH)
                        .summary("Authenticates the connection. The only user is default.")
                        .onSession(ConnectionCommands::auth),
                command("HELLO", "[protover [AUTH username password] [SETNAME clientname]]", -1)
                        .flags(Flag.FAST, Flag.NO_AUTH)
                        .summary("Selects version 2 or 3 of the protocol and returns information about the node.")
                        .onSession(ConnectionCommands::hello),
                command("RESET", "", 1)
                        .flags(Flag.FAST, Flag.NO_AUTH, Flag.WHILE_SUBSCRIBED, Flag.WITHIN_MULTI)
                        .summary("Resets the connection to its initial state.")
                        .onSession((session, arguments) -> {
                            session.reset();
                            return new Reply.Simple("RESET");
                        }),
                command("QUIT", "", -1)
                        .flags(Flag.FAST, Flag.NO_AUTH, Flag.WHILE_SUBSCRIBED, Flag.WITHIN_MULTI)
                        .summary("Closes the connection.")
                        .onSession((session, arguments) -> {
                            session.quit();
                            return Reply.OK;
                        }));
    }

    private static Command.Builder command(String name, String syntax, int arity) {
        return Command.of(Group.CONNECTION, name, syntax).arity(arity);
    }

    private static Reply ping(Session session, Arguments arguments) {
        if (arguments.count() > 2) {
            throw new RedisError("ERR wrong number of arguments for 'ping' command");
        }
        Client client = session.client();
        if (client.isSubscribed() && client.protocol() < 3) {
            Reply message = arguments.count() == 2 ? Reply.of(arguments.get(1)) : Reply.of("");
            return new Reply.Array(List.of(Reply.of("pong"), message));
        }
        return arguments.count() == 2 ? Reply.of(arguments.get(1)) : Reply.PONG;
    }

    private static Reply select(Arguments arguments) {
        if (arguments.integer(1) != 0) {
            throw new RedisError("ERR DB index is out of range");
        }
        return Reply.OK;
    }

    private static Reply auth(Session session, Arguments arguments) {
        if (arguments.count() > 3) {
            throw RedisError.syntax();
        }
        boolean named = arguments.count() == 3;
        authenticate(session, named ? arguments.text(1) : DEFAULT_USER, arguments.text(named ? 2 : 1), named);
        return Reply.OK;
    }

    private static void authenticate(Session session, String user, String password, boolean named) {
        if (session.hasPassword()) {
            if (!session.authenticate(user, password)) {
                throw new RedisError(WRONG_PASSWORD);
            }
        } else if (!named) {
            throw new RedisError("ERR AUTH <password> called without any password configured for the default user."
                    + " Are you sure your configuration is correct?");
        } else if (!user.equals(DEFAULT_USER)) {
            throw new RedisError(WRONG_PASSWORD);
        }
    }

    private static Reply hello(Session session, Arguments arguments) {
        int version =
                arguments.count() > 1 ? version(arguments) : session.client().protocol();
        String name = null;
        boolean authenticated = !session.needsPassword();
        for (int at = 2; at < arguments.count(); at++) {
            if (arguments.is(at, "AUTH") && at + 2 < arguments.count()) {
                authenticate(session, arguments.text(at + 1), arguments.text(at + 2), true);
                authenticated = true;
                at += 2;
            } else if (arguments.is(at, "SETNAME") && at + 1 < arguments.count()) {
                name = ClientCommands.name(arguments.text(++at));
            } else {
                throw new RedisError("ERR Syntax error in HELLO option '" + arguments.text(at) + "'");
            }
        }
        if (!authenticated) {
            throw new RedisError("NOAUTH HELLO must be called with the client already authenticated, otherwise the"
                    + " HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the"
                    + " RESP protocol version at the same time");
        }
        Client client = session.client();
        client.protocol(version);
        if (name != null) {
            client.name(name);
        }
        return greeting(client);
    }

    private static int version(Arguments arguments) {
        long version;
        try {
            version = arguments.integer(1);
        } catch (RedisError none) {
            throw new RedisError("ERR Protocol version is not an integer or out of range");
        }
        if (version != 2 && version != 3) {
            throw new RedisError("NOPROTO unsupported protocol version");
        }
        return (int) version;
    }

    private static Reply greeting(Client client) {
        return new Reply.MapOf(List.of(
                Reply.of("server"),
                Reply.of("hence"),
                Reply.of("version"),
                Reply.of(REDIS_VERSION),
                Reply.of("proto"),
                Reply.of(client.protocol()),
                Reply.of("id"),
                Reply.of(client.id()),
                Reply.of("mode"),
                Reply.of("standalone"),
                Reply.of("role"),
                Reply.of("master"),
                Reply.of("modules"),
                Reply.EMPTY));
    }
}
