package dev.hence.redis.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import dev.hence.node.config.Limits;
import dev.hence.redis.DirectClient;
import dev.hence.redis.RedisNode;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.execution.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The base class of command tests: a real node with a client without a socket, and a second such node, separate from
 * the first until they {@link #meet}. The tests of a class share the nodes, and each starts without keys.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CommandsTest {

    static final String SYNTAX = "-ERR syntax error";
    static final String NOT_AN_INTEGER = "-ERR value is not an integer or out of range";
    static final String WRONG_TYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value";

    RedisNode node;
    DirectClient client;
    private @Nullable RedisNode far;
    private @Nullable DirectClient there;

    private Path directory;
    private int nodes;

    @BeforeAll
    final void startNode(@TempDir Path home) throws IOException {
        directory = home;
        start();
    }

    private void start() throws IOException {
        node = RedisNode.startSilent("a", directory.resolve("a" + nodes++), limits());
    }

    @BeforeEach
    final void empty() throws IOException {
        if (needsFreshNode()) {
            node.close();
            start();
        }
        client = node.direct();
        client.run("FLUSHALL");
        if (far != null) {
            there = far.direct();
            there.run("FLUSHALL");
            meet();
        }
        // Deadlines in seconds and in milliseconds are then equal.
        node.advance(1_000 - node.nowMillis() % 1_000);
        sameTime();
        node.forgetUpdates();
    }

    @AfterAll
    final void stopNodes() {
        node.close();
        if (far != null) {
            far.close();
        }
    }

    /** Whether every test has its own node: where many keys were removed, iterating over all keys is slow. */
    boolean needsFreshNode() {
        return false;
    }

    /** The limits of the nodes. */
    Limits limits() {
        return Limits.DEFAULT;
    }

    /** Limits with this maximum size of an update. */
    static Limits updatesOf(int bytesMax) {
        Limits usual = Limits.DEFAULT;
        return new Limits(
                usual.keyBytesMax(),
                usual.valueBytesMax(),
                usual.bodyBytesMax(),
                usual.headerBytesMax(),
                bytesMax,
                usual.connectionsMax(),
                usual.bufferUpdatesMax(),
                usual.bufferBytesMax(),
                usual.diskFreeBytesMin(),
                usual.clockAheadSecondsMax());
    }

    /** The second node. */
    final RedisNode far() {
        if (far == null) {
            try {
                far = RedisNode.startSilent("b", directory.resolve("b"), limits());
                there = far.direct();
                sameTime();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
        return far;
    }

    /** Advances the clock that is behind to the other. */
    private void sameTime() {
        if (far != null) {
            long aheadMillis = node.nowMillis() - far.nowMillis();
            far.advance(Math.max(0, aheadMillis));
            node.advance(Math.max(0, -aheadMillis));
        }
    }

    /** A client of the second node. */
    final DirectClient there() {
        far();
        if (there == null) {
            throw new IllegalStateException("client of the other node: none (expected: one since it started)");
        }
        return there;
    }

    /** Exchanges updates: both nodes deliver what the other has. */
    final void meet() {
        RedisNode.meet(node, far());
    }

    /** Runs a command and expects this reply. */
    final void expect(String line, String reply) {
        assertThat(client.run(line)).as(line).isEqualTo(reply);
    }

    /** The command that a line names. */
    static Command command(String line) {
        return AllCommands.table().command(Arguments.of(line.split(" ")));
    }

    /** The keys that a command says it uses. */
    static List<Bytes> keys(String line) {
        return command(line).keys().keys(Arguments.of(line.split(" ")));
    }

    /** The list in the reply to a command. */
    final List<?> values(String line) {
        try {
            return (List<?>) client.value(line.split(" ", -1));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Sets a string, so that there is a key of another type. */
    final void makeString(String key, String value) {
        client.run("SET " + key + " " + value);
    }
}
