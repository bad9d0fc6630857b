package dev.hence.cli.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.terminal.Console;
import dev.hence.server.HenceServer;
import dev.hence.server.config.NodeConfig;
import dev.hence.server.storage.StorageException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.jline.utils.Signals;

/** A node that lives as long as its process. */
final class NodeProcess {

    /** What a shell reports of a process that a signal ended. */
    private static final int STATUS_INTERRUPTED = 130;

    private NodeProcess() {}

    /** Starts the node, waits for the first SIGTERM or SIGINT, and closes it; the second ends the process at once. */
    static ExitCode run(NodeConfig config, SettingsReload reload, boolean json, Console console)
            throws CommandFailure, InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        for (String signal : new String[] {"TERM", "INT"}) {
            Signals.register(signal, () -> {
                if (told.getCount() == 0) {
                    Runtime.getRuntime().halt(STATUS_INTERRUPTED);
                }
                told.countDown();
            });
        }
        // Registered before the start too: a terminal that closes meanwhile is no reason to end.
        Signals.register("HUP", reload::run);
        try (HenceServer server = start(config)) {
            console.line(
                    json
                            ? ready(config, server).toString()
                            : config.nodeId() + " serves on port " + server.port() + redis(server) + ", as "
                                    + server.self());
            told.await();
        }
        return ExitCode.OK;
    }

    private static String redis(HenceServer server) {
        return server.redisPort() == 0 ? "" : " and Redis clients on port " + server.redisPort();
    }

    private static ObjectNode ready(NodeConfig config, HenceServer server) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("node_id", config.nodeId())
                .put("replica", server.self().toString())
                .put("port", server.port())
                .put("redis_port", server.redisPort());
    }

    private static HenceServer start(NodeConfig config) throws CommandFailure {
        try {
            return HenceServer.start(config);
        } catch (IOException | StorageException | IllegalStateException refused) {
            throw new CommandFailure(
                    ExitCode.FAILED, "start", config.nodeId() + " cannot start: " + refused.getMessage(), refused);
        }
    }
}
