package dev.hence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.cli.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds {@code docs/command-line.md} to what the commands say of themselves. To write the page anew:
 *
 * <pre>./mvnw -q -pl cli -am test -Dtest=CommandLinePageTest -Dsurefire.failIfNoSpecifiedTests=false -Dhence.docs.write=true</pre>
 */
final class CommandLinePageTest {

    private static final Path PAGE = Path.of("..", "docs", "command-line.md");

    @Test
    void page_fromTheCommands_isWhatIsCommitted() throws IOException {
        String expected = page();
        if (Boolean.getBoolean("hence.docs.write")) {
            Files.writeString(PAGE, expected);
        }

        assertThat(Files.readString(PAGE))
                .as("docs/command-line.md is not what the commands say; write it anew with -Dhence.docs.write=true")
                .isEqualTo(expected);
    }

    private static String page() {
        return HEAD.replace("EXIT_CODES\n", exitCodes())
                .replace("CLIENT_HELP\n", help("client"))
                .replace("STATUS_HELP\n", help("status"))
                .replace("RESCUE_HELP\n", help("rescue"))
                .replace("COMPARE_HELP\n", help("compare"))
                .replace("DEMO_HELP\n", help("demo"))
                .replace("SIMULATE_HELP\n", help("simulate"));
    }

    private static String exitCodes() {
        String rows = Arrays.stream(ExitCode.values())
                .map(code -> "| %d | %s |\n".formatted(code.status(), code.summary()))
                .collect(Collectors.joining());
        return "| status | when |\n|---|---|\n" + rows;
    }

    private static String help(String command) {
        return "```\n" + String.join("\n", CommandRun.of("help", command).out()) + "\n```\n";
    }

    private static final String HEAD = """
            # The command line

            <!-- The help texts and exit codes are put in by CommandLinePageTest, which says how to write the page anew. -->

            One command, `hence`, does everything: `./hence` in a source checkout, `bin/hence` in a distribution.
            `hence help` lists its commands, `hence help COMMAND` tells more of each.

            - Results go to standard output, complaints to standard error, one line each.
            - `--json` prints one JSON document a line instead, with the member names of the [HTTP API](http-api.md). A
              command that fails prints `{"error":{"code","detail",...}}` then, and still complains on standard error.
            - There are colours on a terminal only; `NO_COLOR=1` turns them off there too.
            - `HENCE_DEBUG=1` adds the stack trace of a failure. Further options for the JVM go into `HENCE_JAVA_OPTS`.

            ## Exit codes

            EXIT_CODES

            A write that ended with 1 to 4 certainly did not happen; after 5, read the key to find out.

            The process of a node also ends with 3 when the JVM has no heap left, and with 130 when it is told to end
            twice ([operations.md](operations.md)).

            ## hence serve

            Runs a node in the foreground. All settings are in [configuration.md](configuration.md).

            ```
            hence serve --node-id node1 --peers node2=localhost:5002,node3=localhost:5003 --port 5001
            ```

            It prints its settings and then logs to standard error. SIGTERM or Ctrl-C makes it finish what it is doing,
            close its data, and end with status 0; a second one ends it at once. After `kill -9` it just starts again.

            ## hence client

            CLIENT_HELP

            One request:

            ```
            $ hence client http://localhost:5001 write x A
            x = A
            clock [1,0,0]  node1:1 node2:0 node3:0
            session AS0NzKIDAAJub2RlMZuooRqFSohjAb1hOUU
            ```

            The session stands for everything that the answer could reflect. Handed to another call, at another node, it
            makes that node wait until it has at least as much; `--timeout` says for how long. In a script:

            ```sh
            session=$(hence client localhost:5001 write x A --json | jq -r .session)
            hence client localhost:5002 read x --session "$session"
            ```

            A value that other nodes wrote concurrently, without having seen the one that is shown, is shown with it:

            ```
            $ hence client http://localhost:5001 read colour
            colour = blue
            written concurrently, by node1:3: red
            clock [3,3,0]  node1:3 node2:3 node3:0
            ```

            Without a request there is a shell, in which all requests are one session: `help`, `session` and `exit` are
            understood besides the requests, quotes keep spaces together, Tab completes requests and keys, and what was
            typed is kept in `$XDG_STATE_HOME/hence/history` (`~/.local/state/hence/history`). Requests can also be
            piped in, one a line; the command then ends with the status of the last one that failed.

            Keys and values are given as text. Those that are no text are shown as `base64:...`, and in JSON as
            `{"base64":"..."}`.

            ## hence status

            STATUS_HELP

            ```
            $ hence status localhost:5001 localhost:5002 localhost:5003
            NODE   URL                    CLOCK    MEMBERS  LAG  WAITING  KEYS  FSYNC   UP
            node1  http://localhost:5001  [2,2,0]  2/2      0    0        3     always  1m 12s
            node2  http://localhost:5002  [2,2,0]  2/2      0    0        3     always  1m 12s
            node3  http://localhost:5003  [1,1,0]  2/2      2    1        1     always  1m 11s
            clocks count the updates of node1, node2, node3
            node3 holds back node2:2 (comment), for 8s: it waits for node1:2
            ```

            With `--json` it prints `{"nodes":[{"url","reachable":true,"lag","status":{...}},
            {"url","reachable":false,"error":{...}}]}`, the status being the node's own.

            ## hence rescue

            RESCUE_HELP

            When it is needed and what it does: [operations.md](operations.md#a-forked-data-directory).

            ## hence compare

            COMPARE_HELP

            ```
            $ hence compare localhost:5001 localhost:5002 localhost:5003
            equal: 86500 keys at 3 nodes
            ```

            Of each key it compares a digest that the nodes make ([http-api.md](http-api.md), `GET /fingerprints`): no
            values go over the network. With `--json` it prints `{"keys","expired","different","some":[{"key","nodes":[{"url",
            "present","type","size","deadline","fingerprint"}]}]}`.

            ## hence demo

            DEMO_HELP

            1. x = A is written at node1, x = B at node2, which has A; node3 shows B with the clock `[1,1,0]`.
            2. The link from node1 to node3 is held. A photo is written at node1 and a comment on it at node2; node3 holds
               the comment back, says what it waits for, and shows both in order when the link is open again.
            3. Two nodes write the same key without knowing of each other; all agree on one value, the other can be read.
            4. A node is killed, misses writes, comes back with everything it had acknowledged, and catches up; a
               session from elsewhere is honoured by it.

            When a step does not hold, the command says what was expected and what was seen, leaves the directory with
            the nodes' logs, and ends with status 1. Otherwise nothing is left behind, also after Ctrl-C.

            ## hence simulate

            SIMULATE_HELP

            What is simulated and what is checked is told in [the simulator](simulator.md), the form of the history file
            in [histories](histories.md). Progress goes to standard error. A promise that is broken ends the command with
            status 1.
            """;
}
