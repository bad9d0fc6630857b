package dev.hence.redis.commands;

import dev.hence.redis.RedisClient;
import dev.hence.redis.RedisNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The base class of tests of commands over a real connection: a node that syncs every write, and its client. */
abstract class ConnectedTest {

    @TempDir
    Path directory;

    RedisNode node;
    RedisClient client;

    @BeforeEach
    final void start() throws IOException {
        node = RedisNode.start("node1", directory.resolve("1"));
        client = node.client();
    }

    @AfterEach
    final void stop() throws IOException {
        client.close();
        node.close();
    }
}
