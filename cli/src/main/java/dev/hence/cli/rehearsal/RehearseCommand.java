package dev.hence.cli.rehearsal;

import dev.hence.cli.command.Command;
import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.command.Specs;
import dev.hence.cli.demo.DemoPlan;
import dev.hence.cli.demo.FirstAnswer;
import dev.hence.cli.terminal.Console;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * Runs three nodes in this process, and every other command and clients of Redis against them.
 *
 * <p>What is forgotten here is not missing later, it only takes longer to load.
 */
public final class RehearseCommand implements Command {

    private final Stage stage;

    /** Where a command can be run without anybody seeing it. */
    @FunctionalInterface
    public interface Stage {

        /** Runs {@code hence} with these arguments. */
        ExitCode run(String... arguments);
    }

    public RehearseCommand(Stage stage) {
        this.stage = stage;
    }

    @Override
    public CommandSpec spec() {
        return Specs.command("rehearse", "Exercises the commands to train the JVM's ahead-of-time cache.");
    }

    @Override
    public ExitCode run(ParseResult arguments, Console console) throws CommandFailure, InterruptedException {
        try {
            DemoPlan plan = DemoPlan.choose(0);
            try {
                rehearse(plan);
            } finally {
                plan.releasePorts();
                plan.removeDirectory();
            }
            return ExitCode.OK;
        } catch (IOException failure) {
            throw new CommandFailure(ExitCode.FAILED, "rehearsal", "rehearsal: " + failure.getMessage(), failure);
        }
    }

    private void rehearse(DemoPlan plan) throws IOException, InterruptedException {
        List<Thread> nodes = new ArrayList<>();
        for (DemoPlan.PlannedNode node : plan.nodes()) {
            String[] serve = node.serveArguments().toArray(String[]::new);
            nodes.add(Thread.ofPlatform().name(node.name()).start(() -> stage.run(serve)));
        }
        for (int i = 0; i < nodes.size(); i++) {
            FirstAnswer.await(plan.urls().get(i), nodes.get(i)::isAlive);
        }
        clients(plan.urls());
        for (DemoPlan.PlannedNode node : plan.nodes()) {
            RedisRehearsal.run(node.redisPort());
        }
        // A node that waits for a signal takes an interrupt for one.
        for (Thread node : nodes) {
            node.interrupt();
            node.join();
        }
    }

    private void clients(List<String> urls) {
        String url = urls.getFirst();
        stage.run("--version");
        stage.run("help");
        stage.run("serve", "--help");
        stage.run("demo", "--against", String.join(",", urls));
        for (String[] output : new String[][] {{}, {Specs.JSON}}) {
            request(output, "client", url, "write", "x", "A");
            request(output, "client", url, "read", "x");
            request(output, "client", url, "scan");
            request(output, "client", url, "status");
            request(output, "client", url, "delete", "x");
            request(output, "client", url, "read", "x");
            request(output, "client", "localhost:1", "read", "x");
            request(output, "status", urls.get(0), urls.get(1), urls.get(2), "localhost:1");
        }
    }

    private void request(String[] output, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(output));
        stage.run(all.toArray(String[]::new));
    }
}
