package dev.hence.cli.serve;

import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.ExitCode;
import dev.hence.server.HenceServer;
import dev.hence.server.config.NodeConfig;
import dev.hence.server.storage.StorageException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.jline.utils.Signals;

/** A node that lives as long as its process. */
final class NodeProcess {

    /** What a shell reports of a process that was interrupted. */
    private static final int STATUS_INTERRUPTED = 130;

    private NodeProcess() {}

    /** Starts the node, waits for the first SIGTERM or SIGINT, and closes it; the second ends the process at once. */
    static ExitCode run(NodeConfig config) throws CommandFailure, InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        Signals.register("TERM", () -> tell(told));
        Signals.register("INT", () -> tell(told));
        HenceServer server = start(config);
        try {
            told.await();
        } finally {
            server.close();
        }
        return ExitCode.OK;
    }

    private static void tell(CountDownLatch told) {
        if (told.getCount() == 0) {
            Runtime.getRuntime().halt(STATUS_INTERRUPTED);
        }
        told.countDown();
    }

    private static HenceServer start(NodeConfig config) throws CommandFailure {
        try {
            return HenceServer.start(config);
        } catch (IOException | StorageException | IllegalStateException failure) {
            throw new CommandFailure(
                    ExitCode.FAILED, "start", config.nodeId() + ": did not start: " + failure.getMessage(), failure);
        }
    }
}
