package dev.hence.cli;

import dev.hence.cli.client.ClientCommand;
import dev.hence.cli.command.Command;
import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.command.Specs;
import dev.hence.cli.compare.CompareCommand;
import dev.hence.cli.demo.DemoCommand;
import dev.hence.cli.log.LogCommand;
import dev.hence.cli.rehearsal.RehearseCommand;
import dev.hence.cli.rescue.AdoptCommand;
import dev.hence.cli.rescue.RescueCommand;
import dev.hence.cli.serve.ServeCommand;
import dev.hence.cli.simulate.SimulateCommand;
import dev.hence.cli.status.StatusCommand;
import dev.hence.cli.terminal.Console;
import dev.hence.node.config.NearMiss;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The list of subcommands. Only the requested one is created, because each loads its own part of the program; the
 * others are known by name only.
 */
final class Subcommands {

    private static final String HELP = "help";

    private final Map<String, String> environment;
    private final @Nullable Word wanted;
    private final @Nullable Command command;
    private final CommandLine root;

    /** A command by name. */
    private enum Word {
        SERVE("Run a node."),
        CLIENT("Read and write keys, with one request or in a shell."),
        STATUS("Show the nodes of a cluster: clocks, lag, waiting updates."),
        RESCUE("Prepare a node whose data directory has forked to reissue its writes."),
        ADOPT("Give a copy of the data directory of one node to another."),
        COMPARE("Compare the data of several nodes."),
        LOG("Show or verify the log in a data directory."),
        DEMO("Start three nodes and demonstrate causal consistency."),
        SIMULATE("Run simulated clusters under faults and check every promise."),
        REHEARSE("");

        private final String summary;

        Word(String summary) {
            this.summary = summary;
        }

        /** Whether people are told of it. */
        boolean isPublic() {
            return this != REHEARSE;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Subcommands(Map<String, String> environment, String... args) {
        this.environment = environment;
        this.wanted = wanted(args).orElse(null);
        this.command = wanted == null ? null : command(wanted);
        this.root = new CommandLine(rootSpec());
    }

    /** The whole command line, to parse with. */
    CommandLine root() {
        return root;
    }

    /** Runs what was parsed. */
    ExitCode run(ParseResult parsed, Console console) throws CommandFailure, InterruptedException {
        if (parsed.commandSpec().name().equals(HELP)) {
            return help(parsed, console);
        }
        if (parsed.isUsageHelpRequested()) {
            console.line(usage(parsed.commandSpec().commandLine(), console));
            return ExitCode.OK;
        }
        if (command == null) {
            throw new IllegalStateException(parsed.commandSpec().name() + ": parsed, but not created");
        }
        return command.run(parsed, console);
    }

    /** The help text of a command. */
    String usage(CommandLine line, Console console) {
        return line.getUsageMessage(console.coloured() ? Ansi.ON : Ansi.OFF).stripTrailing();
    }

    /** What is wrong with arguments, in one line. */
    static String complaint(ParameterException wrong) {
        CommandLine line = wrong.getCommandLine();
        String command = line.getCommandSpec().qualifiedName();
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            String unknown = unmatched.getUnmatched().getFirst();
            Set<String> known = unknown.startsWith("-")
                    ? line.getCommandSpec().optionsMap().keySet()
                    : line.getSubcommands().keySet();
            String suggestion = NearMiss.of(unknown, known)
                    .map(name -> "; did you mean " + name + "?")
                    .orElse("; see " + command + " --help");
            String kind = line.getParent() == null ? "a command of " : "an argument of ";
            return unknown + ": unknown (expected: " + kind + command + suggestion + ")";
        }
        return wrong.getMessage() + "; see " + command + " --help";
    }

    private ExitCode help(ParseResult parsed, Console console) throws CommandFailure {
        List<String> topics = Specs.values(parsed, 0);
        CommandLine topic = topics.isEmpty() ? root : root.getSubcommands().get(topics.getFirst());
        if (topic == null) {
            String words = Arrays.stream(Word.values())
                    .filter(Word::isPublic)
                    .map(Word::text)
                    .collect(Collectors.joining(", "));
            throw CommandFailure.usage(topics.getFirst() + ": unknown (expected: one of " + words + ")");
        }
        console.line(usage(topic, console));
        return ExitCode.OK;
    }

    private static Optional<Word> wanted(String... args) {
        return Arrays.stream(args)
                .filter(arg -> !arg.startsWith("-") && !arg.equals(HELP))
                .findFirst()
                .flatMap(first -> Arrays.stream(Word.values())
                        .filter(word -> word.text().equals(first))
                        .findFirst());
    }

    private Command command(Word word) {
        return switch (word) {
            case SERVE -> new ServeCommand(environment);
            case CLIENT -> new ClientCommand(environment);
            case STATUS -> new StatusCommand();
            case RESCUE -> new RescueCommand();
            case ADOPT -> new AdoptCommand();
            case COMPARE -> new CompareCommand();
            case LOG -> new LogCommand();
            case DEMO -> new DemoCommand();
            case SIMULATE -> new SimulateCommand();
            case REHEARSE -> new RehearseCommand(new Main(Map.of(), Console.ofNobody())::run);
        };
    }

    private CommandSpec rootSpec() {
        CommandSpec spec = Specs.command(
                "hence",
                "A causally consistent key-value store: every node accepts reads and writes, and no node ever shows"
                        + " an effect before its cause.");
        spec.usageMessage().customSynopsis("hence COMMAND ...").exitCodeListHeading("%nExit codes:%n");
        spec.usageMessage().exitCodeList(exitCodes());
        spec.usageMessage()
                .footer(
                        "`hence help COMMAND` or `hence COMMAND --help` describes a command. To get started: hence"
                                + " demo",
                        "",
                        "NO_COLOR=1 disables colors; HENCE_DEBUG=1 prints the stack trace of a failure.");
        for (Word word : Word.values()) {
            spec.addSubcommand(word.text(), spec(word));
        }
        spec.addSubcommand(
                HELP,
                Specs.command(HELP, "Show this help, or the help of a command.")
                        .addPositional(Specs.arguments(0, "0..1", "COMMAND", "")));
        Specs.withHelp(spec);
        return spec.addOption(OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Print the version.")
                .build());
    }

    private CommandSpec spec(Word word) {
        CommandSpec spec = command != null && word == wanted
                ? Specs.withHelp(command.spec())
                : Specs.command(word.text(), word.summary);
        // The list of commands shows headers rather than descriptions.
        spec.usageMessage().header(word.summary).hidden(!word.isPublic());
        return spec;
    }

    private static Map<String, String> exitCodes() {
        return Arrays.stream(ExitCode.values())
                .collect(Collectors.toMap(
                        code -> " " + code.status(), ExitCode::summary, (a, b) -> a, LinkedHashMap::new));
    }
}
