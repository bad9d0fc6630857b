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
 * Holds {@code docs/command-line.md} to the help of the commands. To regenerate the page:
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
                .as("docs/command-line.md is not what the commands say; regenerate it with -Dhence.docs.write=true")
                .isEqualTo(expected);
    }

    private static String page() {
        return HEAD.replace("EXIT_CODES\n", exitCodes())
                .replace("CLIENT_HELP\n", help("client"))
                .replace("STATUS_HELP\n", help("status"))
                .replace("RESCUE_HELP\n", help("rescue"))
                .replace("ADOPT_HELP\n", help("adopt"))
                .replace("COMPARE_HELP\n", help("compare"))
                .replace("LOG_HELP\n", help("log"))
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

            <!-- CommandLinePageTest inserts the help texts and exit codes, and says how to regenerate the page. -->

            One command, `hence`, does everything: `./hence` in a source checkout, `bin/hence` in a distribution.
            `hence help` lists its commands, `hence help COMMAND` describes one.

            - Results go to standard output, error messages to standard error, one line each.
            - `--json` prints one JSON document per line instead, with the member names of the [HTTP API](http-api.md). A
              command that fails then prints `{"error":{"code","detail",...}}`, and the error message on standard error.
            - Colors are used only on a terminal; `NO_COLOR=1` disables them.
            - `HENCE_DEBUG=1` adds the stack trace of a failure. `HENCE_JAVA_OPTS` passes options to the JVM.

            ## Exit codes

            EXIT_CODES

            A write that ends with status 1 to 4 certainly did not happen. After status 5, read the key to find out.

            The process of a node also exits with status 3 when the JVM's heap is exhausted, and with 130 on a second
            termination signal ([operations.md](operations.md)).

            ## hence serve

            Runs a node in the foreground. All settings are in [configuration.md](configuration.md).

            ```
            hence serve --node-id node1 --peers node2=localhost:5002,node3=localhost:5003 --port 5001
            ```

            It prints its settings and then logs to standard error. On SIGTERM or Ctrl-C it completes the requests in
            progress, closes its data and exits with status 0; a second signal ends it at once. After `kill -9`, start it
            again.

            ## hence client

            CLIENT_HELP

            One request:

            ```
            $ hence client http://localhost:5001 write x A
            x = A
            clock [1,0,0]  node1:1 node2:0 node3:0
            session AS0NzKIDAAJub2RlMZuooRqFSohjAb1hOUU
            ```

            The session token covers every update that the response may reflect. If you pass it to another call, at another
            node, that node waits until it has applied these updates, for at most `--timeout`. In a script:

            ```sh
            session=$(hence client localhost:5001 write x A --json | jq -r .session)
            hence client localhost:5002 read x --session "$session"
            ```

            Concurrent values of other nodes are shown together with the winning one:

            ```
            $ hence client http://localhost:5001 read colour
            colour = blue
            written concurrently, by node1:3: red
            clock [3,3,0]  node1:3 node2:3 node3:0
            ```

            Without a request, the command opens a shell in which all requests form one session. In addition to the
            requests, the shell accepts `help`, `session` and `exit`. Quotes keep words with spaces together, Tab completes
            requests and keys, and the history is kept in `$XDG_STATE_HOME/hence/history`
            (`~/.local/state/hence/history`). Requests can also be piped in, one per line; the command then exits with the
            status of the last request that failed.

            Keys and values are given as text. Those that are not valid text are shown as `base64:...`, and in JSON as
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
            node3 buffers node2:2 (comment), for 8s: it waits for node1:2
            ```

            With `--json` it prints `{"nodes":[{"url","reachable":true,"lag","status":{...}},
            {"url","reachable":false,"error":{...}}]}`, where `status` is the `/status` of the node.

            ## hence rescue

            RESCUE_HELP

            When it is needed and what it does: [operations.md](operations.md#a-forked-data-directory).

            ## hence adopt

            ADOPT_HELP

            When it is needed: [operations.md](operations.md#updates-that-are-gone).

            ## hence compare

            COMPARE_HELP

            ```
            $ hence compare localhost:5001 localhost:5002 localhost:5003
            equal: 86500 keys at 3 nodes
            ```

            It compares digests of the keys that the nodes compute ([http-api.md](http-api.md), `GET /fingerprints`); no
            values are transferred. With `--json` it prints `{"keys","expired","different","some":[{"key","nodes":[{"url",
            "present","type","size","deadline","fingerprint"}]}]}`.

            ## hence log

            LOG_HELP

            ```
            $ hence log /var/lib/hence/node1 --updates --from 41 --limit 2
            SEGMENT                  ID                FIRST  UPDATES  BYTES  CONDITION
            0000000000000000000.log  d08fef187e740c74  0      44       2751   whole

             SEQUENCE  UPDATES               TIME                      OPERATIONS    BYTES  CRC       CLOCK
                   41  node2:1               2026-11-30T00:28:35.606Z           1       58  79f22dbb  node1:41 node2:1
                   41    node2:1             2026-11-30T00:28:35.606Z  set photo
                   42  node2:2               2026-11-30T00:28:36.757Z           1       36  3fa639ad  node1:41 node2:2
                   42    node2:2             2026-11-30T00:28:36.757Z  delete x
            1 update more: --from 43 continues
            $ hence log /var/lib/hence/node1 --check
            whole: 44 updates in 43 frames, 2751 bytes in 1 segment
            ```

            With `--json` each line is an object with one member: `segment` `{"file","id","first","updates","bytes",
            "whole_bytes","whole"}`, `frame` `{"sequence","dot","vector_clock","timestamp_millis","updates","operations",
            "bytes","file","group_offset","group_crc"}`, `update` `{"sequence","dot","vector_clock","timestamp_millis",
            "changes"}`, and last `end` `{"next","more","torn_bytes"}`. With `--check --json` it prints `{"whole",
            "segments","frames","updates","bytes","problems":[{"file","offset","detail"}],"notes":[...]}`.

            ## hence demo

            DEMO_HELP

            1. x = A is written at node1, then x = B at node2, which has seen A. node3 shows B with the clock `[1,1,0]`.
            2. The link from node1 to node3 is held. A photo is written at node1 and a comment on it at node2. node3 buffers
               the comment, shows what it waits for, and shows both in order when the link is open again.
            3. Two nodes write the same key concurrently. All nodes agree on one value; the other one can still be read.
            4. A node is killed, misses writes, comes back with everything it had acknowledged, and catches up. It honors a
               session from another node.

            If a step fails, the command prints the expected and the actual result, leaves the directory with the nodes'
            logs, and exits with status 1. Otherwise it leaves nothing behind, also after Ctrl-C.

            ## hence simulate

            SIMULATE_HELP

            [The simulator](simulator.md) describes what is simulated and checked, [histories](histories.md) the format of
            the history file. Progress goes to standard error. If a promise is broken, the command exits with status 1.
            """;
}
