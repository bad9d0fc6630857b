package dev.hence.cli.serve;

import dev.hence.cli.command.ExitCode;
import dev.hence.server.config.NodeConfig;
import java.util.concurrent.CountDownLatch;
import org.jline.utils.Signals;

/** A node that lives as long as its process. */
final class NodeProcess {

    /** What a shell reports of a process that a signal ended. */
    private static final int STATUS_INTERRUPTED = 130;

    private NodeProcess() {}

    /** Starts the node, waits for the first SIGTERM or SIGINT, and closes it; the second ends the process at once. */
    static ExitCode run(NodeConfig config) throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        for (String signal : new String[] {"TERM", "INT"}) {
            Signals.register(signal, () -> {
                if (told.getCount() == 0) {
                    Runtime.getRuntime().halt(STATUS_INTERRUPTED);
                }
                told.countDown();
            });
        }
        RunningNode node = RunningNode.start(config);
        try {
            told.await();
        } finally {
            node.close();
        }
        return ExitCode.OK;
    }
}
