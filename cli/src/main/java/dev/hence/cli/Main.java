package dev.hence.cli;

import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.command.Failures;
import dev.hence.cli.command.Specs;
import dev.hence.cli.terminal.Console;
import dev.hence.client.HenceException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The {@code hence} command: selects a subcommand, runs it, and reports the outcome. */
public final class Main {

    private final Map<String, String> environment;
    private final Console console;

    Main(Map<String, String> environment, Console console) {
        this.environment = environment;
        this.console = console;
    }

    /** The process ends with the status of an {@link ExitCode}. */
    public static void main(String[] args) {
        Map<String, String> environment = System.getenv();
        ExitCode exitCode = new Main(environment, Console.ofProcess(environment)).run(args);
        // System.exit takes a moment, as it looks for a logger first; a process that returns ends with 0 all the same.
        if (exitCode != ExitCode.OK) {
            System.exit(exitCode.status());
        }
    }

    /** Runs one command. Whatever goes wrong is reported here and told by the exit code. */
    ExitCode run(String... args) {
        boolean json = Arrays.asList(args).contains(Specs.JSON);
        try {
            return runReporting(args);
        } catch (ParameterException wrong) {
            return Failures.report(CommandFailure.usage(Subcommands.complaint(wrong)), json, console);
        } catch (CommandFailure failure) {
            trace(failure);
            return Failures.report(failure, json, console);
        } catch (HenceException failure) {
            trace(failure);
            return Failures.report(failure, json, console);
        } catch (InterruptedException interrupted) {
            return Failures.report(
                    new CommandFailure(ExitCode.FAILED, "interrupted", "interrupted", interrupted), json, console);
        } catch (RuntimeException | LinkageError bug) {
            trace(bug);
            String hint = isTraced() ? "" : " (HENCE_DEBUG=1 prints the stack trace)";
            return Failures.report(new CommandFailure(ExitCode.FAILED, "internal", bug + hint, bug), json, console);
        }
    }

    private ExitCode runReporting(String[] args) throws CommandFailure, InterruptedException {
        if (args.length == 1 && List.of("--version", "-V", "version").contains(args[0])) {
            console.line("hence " + version());
            return ExitCode.OK;
        }
        Subcommands subcommands = new Subcommands(environment, args);
        CommandLine root = subcommands.root();
        ParseResult parsed = root.parseArgs(args);
        if (parsed.hasSubcommand()) {
            return subcommands.run(parsed.subcommand(), console);
        }
        if (args.length == 0) {
            console.complain(root.getUsageMessage(CommandLine.Help.Ansi.OFF).stripTrailing());
            return ExitCode.USAGE;
        }
        console.line(subcommands.usage(root, console));
        return ExitCode.OK;
    }

    private void trace(Throwable failure) {
        if (isTraced()) {
            console.trace(failure);
        }
    }

    private boolean isTraced() {
        return !environment.getOrDefault("HENCE_DEBUG", "").isEmpty();
    }

    /** As the jar says; classes that are not in a jar are a development build. */
    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
