package dev.hence.redis.execution;

import dev.hence.core.crdt.Bytes;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.node.SharedState;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The replies of one connection in order, each recorded for INFO and SLOWLOG. Commands accepted together are timed
 * together, from the first of them, because none could have been answered earlier.
 *
 * <p>Confined to the connection's own thread.
 */
final class Replies {

    /** Commands whose words may contain a password. */
    private static final Set<String> SECRET = Set.of("AUTH", "HELLO");

    private static final Bytes REDACTED = Bytes.utf8("(redacted)");

    private final Session session;
    private boolean running;
    private long sinceNanos;

    Replies(Session session) {
        this.session = session;
    }

    /** Records that a command was accepted. */
    void taken() {
        if (!running) {
            running = true;
            sinceNanos = System.nanoTime();
        }
    }

    /** Excludes time that the running command spent waiting for something that was not there. */
    void waited(long nanos) {
        sinceNanos += nanos;
    }

    /** Records that all accepted commands are answered. */
    void done() {
        running = false;
    }

    /** Records that a command was rejected before it was run. */
    void refused(Reply.Failure failure) {
        session.commons().usage().refused(failure.text());
    }

    /**
     * Adds the reply to a request to those to be sent.
     *
     * @throws IOException if the client has gone
     */
    void add(Request request, Reply reply) throws IOException {
        add(request.command, request.arguments, reply);
    }

    /** @param command null if it is not counted: a command that was rejected or is queued */
    void add(@Nullable Command command, Arguments arguments, Reply reply) throws IOException {
        if (command != null) {
            record(command, arguments, reply);
        }
        session.reply(reply);
    }

    private void record(Command command, Arguments arguments, Reply reply) {
        long micros = (System.nanoTime() - sinceNanos) / 1_000;
        SharedState commons = session.commons();
        commons.usage().answered(command.name(), micros);
        if (reply instanceof Reply.Failure(String text)) {
            commons.usage().failed(command.name(), text);
        }
        if (commons.slowLog().isSlow(micros) && !waitsForTheNode(command)) {
            commons.slowLog()
                    .add(
                            micros,
                            words(command, arguments),
                            session.client().address(),
                            session.client().name());
        }
    }

    /** WAIT and similar commands: their duration says nothing about the node's speed. */
    private static boolean waitsForTheNode(Command command) {
        return command.flags().contains(Flag.BLOCKING) && !(command.action() instanceof Action.Blocking);
    }

    private static List<Bytes> words(Command command, Arguments arguments) {
        return SECRET.contains(command.name()) ? List.of(arguments.get(0), REDACTED) : arguments.from(0);
    }
}
