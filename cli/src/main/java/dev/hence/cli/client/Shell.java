package dev.hence.cli.client;

import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.command.Failures;
import dev.hence.cli.terminal.Console;
import dev.hence.cli.terminal.Style;
import dev.hence.client.HenceClient;
import dev.hence.client.HenceException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.SyntaxError;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * Makes one request after another, all in one session: typed by a person, with history and completion, or
 * read from a pipe.
 */
final class Shell {

    private final HenceClient client;
    private final Requests requests;
    private final Console console;
    private final boolean json;
    private final Map<String, String> environment;

    // Quotes keep spaces together; a backslash takes the next character as it is.
    private final DefaultParser parser = new DefaultParser().eofOnUnclosedQuote(true);
    private ExitCode lastFailure = ExitCode.OK;

    Shell(HenceClient client, Requests requests, Console console, boolean json, Map<String, String> environment) {
        this.client = client;
        this.requests = requests;
        this.console = console;
        this.json = json;
        this.environment = environment;
    }

    /** Runs until {@code exit} or the end of the input. From a pipe, it ends as the last request that failed. */
    ExitCode run() throws CommandFailure {
        try {
            if (Console.isTerminal()) {
                converse();
                return ExitCode.OK;
            }
            return read(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        } catch (IOException | UncheckedIOException failure) {
            throw new CommandFailure(ExitCode.FAILED, "terminal", "terminal: " + failure.getMessage(), failure);
        }
    }

    /** Makes the requests that come, one a line. */
    ExitCode read(BufferedReader input) throws IOException {
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            if (!handle(line)) {
                break;
            }
        }
        return lastFailure;
    }

    private void converse() throws IOException {
        try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
            LineReader reader = LineReaderBuilder.builder()
                    .appName("hence")
                    .terminal(terminal)
                    .parser(parser)
                    .completer(new KeyCompleter(client))
                    .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                    .variable(LineReader.HISTORY_FILE, HistoryFile.in(environment))
                    .build();
            console.line(console.styled(Style.DIM, "help lists the requests, Tab completes, exit ends"));
            String prompt = "hence " + client.nodes().getFirst().getAuthority() + "> ";
            boolean goesOn = true;
            while (goesOn) {
                try {
                    goesOn = handle(reader.readLine(prompt));
                } catch (UserInterruptException interrupted) {
                    // Ctrl-C drops the line that was being typed.
                } catch (EndOfFileException end) {
                    goesOn = false;
                }
            }
        }
    }

    /** One line; whether to go on. */
    private boolean handle(String line) {
        try {
            List<String> words = parser.parse(line, line.length()).words().stream()
                    .filter(word -> !word.isEmpty())
                    .toList();
            if (words.isEmpty() || words.getFirst().startsWith("#")) {
                return true;
            }
            switch (words.getFirst()) {
                case "exit", "quit" -> {
                    return false;
                }
                case "help" -> help();
                case "session" -> requests.session();
                default -> note(requests.run(words));
            }
        } catch (CommandFailure failure) {
            note(Failures.report(failure, json, console));
        } catch (HenceException failure) {
            note(Failures.report(failure, json, console));
        } catch (SyntaxError unfinished) {
            note(Failures.report(CommandFailure.usage(line + ": " + unfinished.getMessage()), json, console));
        }
        return true;
    }

    private void note(ExitCode exitCode) {
        if (exitCode != ExitCode.OK) {
            lastFailure = exitCode;
        }
    }

    private void help() {
        for (Verb verb : Verb.values()) {
            console.line("  %-18s %s".formatted(verb.usage(), verb.summary()));
        }
        console.line("  %-18s %s".formatted("session", "print the session token, to continue the session elsewhere"));
        console.line("  %-18s %s".formatted("exit", "leave"));
    }
}
