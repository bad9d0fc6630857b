package dev.hence.cli.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.terminal.Console;
import dev.hence.engine.storage.StorageException;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.store.NodeFailedException;
import dev.hence.server.HenceServer;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jline.utils.Signals;

/** A node that lives as long as its process. */
final class NodeProcess {

    /** What a shell reports of a process that a signal ended. */
    private static final int STATUS_INTERRUPTED = 130;

    private static final long ORDERLY_END_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private NodeProcess() {}

    /**
     * Starts the node, waits for the first SIGTERM or SIGINT, and closes it; the second ends the process at once. A
     * node that fails ends the process as well.
     */
    static ExitCode run(NodeConfig config, SettingsReload reload, boolean json, Console console)
            throws CommandFailure, InterruptedException {
        CompletableFuture<Void> told = new CompletableFuture<>();
        for (String signal : new String[] {"TERM", "INT"}) {
            Signals.register(signal, () -> {
                if (!told.complete(null)) {
                    Runtime.getRuntime().halt(STATUS_INTERRUPTED);
                }
            });
        }
        // Registered before the start too: a terminal that closes meanwhile is no reason to end.
        Signals.register("HUP", reload::run);
        HenceServer server = start(config);
        CompletableFuture<NodeFailedException> failure = server.failure();
        endsWith(failure);
        try (server) {
            console.line(
                    json
                            ? ready(config, server).toString()
                            : config.nodeId() + " serves on port " + server.port() + redis(server) + ", as "
                                    + server.self());
            CompletableFuture.anyOf(told, failure).get();
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        }
        NodeFailedException failed = failure.getNow(null);
        if (failed != null) {
            throw new CommandFailure(ExitCode.NODE_FAILED, "failed", String.valueOf(failed.getMessage()), failed);
        }
        return ExitCode.OK;
    }

    /** A node that has failed may have no memory to end in order: then the process ends without. */
    private static void endsWith(CompletableFuture<NodeFailedException> failure) {
        Thread.ofPlatform().daemon().name("hence-failure-watch").start(() -> {
            failure.join();
            long endNanos = System.nanoTime() + ORDERLY_END_NANOS;
            while (System.nanoTime() < endNanos) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            Runtime.getRuntime().halt(ExitCode.NODE_FAILED.status());
        });
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
