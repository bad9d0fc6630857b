package dev.hence.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.redis.commands.AllCommands;
import dev.hence.redis.execution.Command;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IntrospectionTest {

    @TempDir
    private Path data;

    private RedisNode node;
    private RedisClient client;

    @BeforeEach
    void start() throws Exception {
        node = RedisNode.start(data);
        client = node.client();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        node.close();
    }

    @Test
    void info_ofACommand_tenFieldsAsInRedis() throws Exception {
        assertThat(client.ask("COMMAND", "INFO", "watch"))
                .isEqualTo("[[watch, -2, [+fast], 1, -1, 1, [+@transaction, +@fast], [],"
                        + " [[flags, [+RO], begin_search, [type, index, spec, [index, 1]],"
                        + " find_keys, [type, range, spec, [lastkey, -1, keystep, 1, limit, 0]]]], []]]");
        assertThat(client.ask("COMMAND", "INFO", "nosuch", "client|id"))
                .isEqualTo("[nil, [client|id, 2, [], 0, 0, 0, [+@connection, +@slow], [], [], []]]");
    }

    @Test
    void info_ofAContainer_hasItsSubcommands() throws Exception {
        assertThat(client.ask("COMMAND", "INFO", "client"))
                .startsWith("[[client, -2, [], 0, 0, 0, [+@slow], [], [], [[client|")
                .contains("[client|kill, -3, [+admin]");
    }

    @Test
    void countListAndInfo_ofAll_agree() throws Exception {
        int count = Integer.parseInt(client.ask("COMMAND", "COUNT"));

        List<String> listed =
                List.of(client.ask("COMMAND", "LIST").replaceAll("[\\[\\]]", "").split(", "));
        assertThat(listed.stream().filter(name -> name.indexOf('|') < 0)).hasSize(count);
        assertThat(listed).contains("config", "config|get", "client|list").doesNotHaveDuplicates();
        List<String> told = AllCommands.table().all().stream()
                .filter(command -> !command.isRefused())
                .map(command -> command.name().toLowerCase(Locale.ROOT).replace(' ', '|'))
                .toList();
        assertThat(listed).containsAll(told);
        client.request("COMMAND");
        assertThat(client.reply()).contains("[ping, -1, [+fast], ").contains("[exec, 1, ");
    }

    @Test
    void commandsThatAreRefused_areNotTold() throws Exception {
        List<String> refused = AllCommands.table().all().stream()
                .filter(Command::isRefused)
                .map(command -> command.name().toLowerCase(Locale.ROOT).replace(' ', '|'))
                .toList();
        assertThat(refused).contains("eval", "xadd", "client|pause", "module|load", "config|rewrite");

        String listed = client.ask("COMMAND", "LIST") + client.ask("COMMAND") + client.ask("COMMAND", "DOCS");
        for (String name : refused) {
            assertThat(listed).doesNotContain("[" + name + ",").doesNotContain(" " + name + ",");
            assertThat(client.ask("COMMAND", "INFO", name)).as(name).isEqualTo("[nil]");
            assertThat(client.ask("COMMAND", "DOCS", name)).as(name).isEqualTo("[]");
        }
        assertThat(client.ask("COMMAND", "GETKEYS", "EVAL", "x", "1", "k")).isEqualTo("-ERR Invalid command specified");
        assertThat(client.ask("EVAL", "return 1", "0")).contains("scripts are not supported");
    }

    @Test
    void subcommands_haveInfoAndDocsOfTheirOwn() throws Exception {
        assertThat(client.ask("COMMAND", "INFO", "config|get")).startsWith("[[config|get, -3, [+admin], ");
        assertThat(client.ask("COMMAND", "DOCS", "config|get")).startsWith("[config|get, [summary, ");
        assertThat(client.ask("COMMAND", "DOCS", "config")).contains("subcommands, [config|get, [summary, ");
        assertThat(client.ask("COMMAND", "LIST", "FILTERBY", "PATTERN", "config|s*"))
                .isEqualTo("[config|set]");
        assertThat(client.ask("COMMAND", "LIST", "FILTERBY", "ACLCAT", "admin")).contains("config|get");
    }

    @Test
    void list_filtered_onlyThose() throws Exception {
        assertThat(client.ask("COMMAND", "LIST", "FILTERBY", "ACLCAT", "transaction"))
                .isEqualTo("[discard, exec, multi, unwatch, watch]");
        assertThat(client.ask("COMMAND", "LIST", "FILTERBY", "PATTERN", "*watch"))
                .isEqualTo("[unwatch, watch]");
        assertThat(client.ask("COMMAND", "LIST", "FILTERBY", "MODULE", "x")).isEqualTo("[]");
        assertThat(client.ask("COMMAND", "LIST", "FILTERBY", "COLOUR", "x")).isEqualTo("-ERR syntax error");
    }

    @Test
    void docs_ofACommand_summaryGroupSyntaxAndConcurrentUse() throws Exception {
        assertThat(client.ask("COMMAND", "DOCS", "exec", "nosuch", "echo"))
                .startsWith(
                        "[exec, [summary, Executes all queued commands as one update, unless a watched key has changed.,"
                                + " group, transactions, concurrently, ")
                .endsWith("echo, [summary, Returns the given string., group, connection, arguments,"
                        + " [[name, message, type, string, display_text, message]]]]");
        client.ask("HELLO", "3");
        assertThat(client.ask("COMMAND", "DOCS", "echo")).startsWith("map[echo, map[summary, ");
    }

    @Test
    void getKeys_ofACommand_itsKeys() throws Exception {
        assertThat(client.ask("COMMAND", "GETKEYS", "WATCH", "a", "b")).isEqualTo("[a, b]");
        assertThat(client.ask("COMMAND", "GETKEYS", "PING")).isEqualTo("-ERR The command has no key arguments");
        assertThat(client.ask("COMMAND", "GETKEYS", "NOSUCH", "a")).isEqualTo("-ERR Invalid command specified");
        assertThat(client.ask("COMMAND", "GETKEYS", "WATCH"))
                .isEqualTo("-ERR Invalid number of arguments specified for command");
    }

    @Test
    void info_ofAClient_hasEveryFieldThatLibrariesParse() throws Exception {
        String line = client.ask("CLIENT", "INFO").strip();

        assertThat(Arrays.stream(line.split(" ")).map(field -> field.split("=", 2)[0]))
                .containsExactly(
                        ("id addr laddr fd name age idle flags db sub psub ssub multi watch qbuf qbuf-free argv-mem"
                                        + " multi-mem rbs rbp obl oll omem tot-mem events cmd user redir resp lib-name"
                                        + " lib-ver")
                                .split(" "));
    }

    @Test
    void wrongUse_refusedWithTheWordsOfRedis() throws Exception {
        for (List<String> each : List.of(
                List.of("COMMAND FOO", "-ERR unknown subcommand 'FOO'. Try COMMAND HELP."),
                List.of("CLIENT", "-ERR wrong number of arguments for 'client' command"),
                List.of("CLIENT FOO", "-ERR unknown subcommand 'FOO'. Try CLIENT HELP."),
                List.of("client id 3", "-ERR wrong number of arguments for 'client|id' command"),
                List.of("CLIENT KILL nobody", "-ERR No such client"),
                List.of("CLIENT KILL ID x", "-ERR client-id should be greater than 0"),
                List.of("CLIENT KILL USER nosuch", "-ERR No such user 'nosuch'"),
                List.of("INCRBYFLOAT a +inf", "-ERR increment would produce NaN or Infinity"),
                List.of("INCRBYFLOAT a -inf", "-ERR increment would produce NaN or Infinity"),
                List.of("INCRBYFLOAT a nan", "-ERR value is not a valid float"),
                List.of("BLPOP k 0x7FFFFFFFFFFFFF", "-ERR timeout is out of range"),
                List.of("BLPOP k -0x1", "-ERR timeout is negative"),
                List.of("BLPOP k 0x", "-ERR timeout is not a float or out of range"),
                List.of("BGSAVE", "+Background saving started"),
                List.of("BGSAVE SCHEDULE", "+Background saving started"),
                List.of("BGSAVE x", "-ERR syntax error"),
                List.of("BGREWRITEAOF", "+Background append only file rewriting started"),
                List.of("CLIENT REPLY x", "-ERR syntax error"),
                List.of("CLIENT LIST TYPE x", "-ERR Unknown client type 'x'"),
                List.of("CLIENT UNBLOCK 9 x", "-ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR"),
                List.of("PING a b", "-ERR wrong number of arguments for 'ping' command"),
                List.of("SELECT 1", "-ERR DB index is out of range"),
                List.of("SELECT x", "-ERR value is not an integer or out of range"),
                List.of("HELLO 4", "-NOPROTO unsupported protocol version"),
                List.of("HELLO x", "-ERR Protocol version is not an integer or out of range"),
                List.of("HELLO 2 FOO", "-ERR Syntax error in HELLO option 'FOO'"),
                List.of("AUTH other x", "-WRONGPASS invalid username-password pair or user is disabled."),
                List.of("AUTH default x", "+OK"))) {
            client.send(each.getFirst() + "\r\n");
            assertThat(client.reply()).as(each.getFirst()).isEqualTo(each.getLast());
        }
    }
}
