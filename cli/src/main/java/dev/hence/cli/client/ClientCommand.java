package dev.hence.cli.client;

import dev.hence.cli.command.Command;
import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.Durations;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.command.Specs;
import dev.hence.cli.terminal.Console;
import dev.hence.client.HenceClient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Reads and writes at a node: one request, or a shell when none is given. */
public final class ClientCommand implements Command {

    private static final String SESSION = "--session";
    private static final String TIMEOUT = "--timeout";
    private static final String LIMIT = "--limit";
    private static final int KEYS_MAX_DEFAULT = 100;

    private final Map<String, String> environment;

    public ClientCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Specs.command(
                "client",
                "Sends one request to a node, or opens a shell if none is given. Prints the result, the node's vector"
                        + " clock and the session token. Pass the token to the next call, at any node, and that"
                        + " call sees at least as much.");
        spec.usageMessage().customSynopsis("hence client [OPTIONS] URL[,URL...] [REQUEST]");
        spec.usageMessage().footerHeading("%nRequests:%n");
        List<String> footer = new ArrayList<>();
        Arrays.stream(Verb.values())
                .map(verb -> "  %-18s %s".formatted(verb.usage(), verb.summary()))
                .forEach(footer::add);
        footer.addAll(List.of(
                "",
                "Examples:",
                "  hence client http://localhost:5001 write x A",
                "  hence client http://localhost:5002 read x --session TOKEN",
                "  hence client localhost:5001"));
        spec.usageMessage().footer(footer.toArray(String[]::new));
        spec.addPositional(Specs.argument(
                0,
                "URL",
                "URL of a node: http://localhost:5001 or localhost:5001. If it fails, the nodes after the commas are"
                        + " tried."));
        spec.addPositional(Specs.arguments(1, "0..*", "REQUEST", "See below."));
        spec.addOption(Specs.option(SESSION, "TOKEN", "Continue a session: see at least what it has seen."));
        spec.addOption(Specs.option(
                TIMEOUT,
                "DURATION",
                "Time limit of a request, including the wait for the session: 250ms, 5s, 1m. Default: 5s."));
        spec.addOption(Specs.option(
                LIMIT, "KEYS", "Maximum number of keys that a scan lists. Default: " + KEYS_MAX_DEFAULT + "."));
        return spec.addOption(Specs.json());
    }

    @Override
    public ExitCode run(ParseResult arguments, Console console) throws CommandFailure {
        List<String> request = Specs.values(arguments, 1);
        boolean json = Specs.has(arguments, Specs.JSON);
        if (!request.isEmpty()) {
            Verb.of(request);
        }
        try (HenceClient client = client(arguments)) {
            Requests requests = new Requests(client, console, json, keysMax(arguments));
            if (request.isEmpty()) {
                return new Shell(client, requests, console, json, environment).run();
            }
            ExitCode exitCode = requests.run(request);
            if (!json && !client.sessionToken().isEmpty()) {
                requests.session();
            }
            return exitCode;
        }
    }

    private static HenceClient client(ParseResult arguments) throws CommandFailure {
        String urls = arguments.matchedPositionalValue(0, "");
        try {
            return HenceClient.builder()
                    .nodes(Arrays.asList(urls.split(",")))
                    .sessionToken(Specs.value(arguments, SESSION, ""))
                    .deadline(Durations.parse(TIMEOUT, Specs.value(arguments, TIMEOUT, "5s")))
                    .roundsMax(1)
                    .build();
        } catch (IllegalArgumentException refused) {
            throw new CommandFailure(ExitCode.USAGE, "usage", String.valueOf(refused.getMessage()), refused);
        }
    }

    private static int keysMax(ParseResult arguments) throws CommandFailure {
        String text = Specs.value(arguments, LIMIT, String.valueOf(KEYS_MAX_DEFAULT));
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw CommandFailure.usage(LIMIT + ": \"" + text + "\" (expected: a number, at least 1)");
        }
        return Integer.parseInt(text);
    }
}
