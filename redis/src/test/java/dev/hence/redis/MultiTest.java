package dev.hence.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.node.config.Limits;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MultiTest {

    @TempDir
    private Path data;

    private RedisNode node;
    private RedisClient client;
    private RedisClient other;

    @BeforeEach
    void start() throws Exception {
        Limits limits = new Limits(65_535, 500_000, 16 << 20, 256 << 10, 1 << 20, 100, 4_096, 64L << 20, 0, 300);
        node = RedisNode.start(data, limits);
        client = node.client();
        other = node.client();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        other.close();
        node.close();
    }

    private long updates() {
        return node.node.clock().get(node.node.self());
    }

    @Test
    void exec_severalWritesAndReads_oneUpdate() throws Exception {
        assertThat(client.ask("MULTI")).isEqualTo("+OK");
        for (String[] queued : List.of(
                new String[] {"ADD", "n", "1"},
                new String[] {"ADD", "n", "2"},
                new String[] {"FETCH", "n"},
                new String[] {"WALK", "n"},
                new String[] {"ECHO", "x"},
                new String[] {"TAKE", "m", "0"})) {
            assertThat(client.ask(queued)).isEqualTo("+QUEUED");
        }

        assertThat(other.ask("FETCH", "n")).isEqualTo("nil");
        assertThat(client.ask("EXEC")).isEqualTo("[1, 3, 3, 3, x, nil]");
        assertThat(updates()).isEqualTo(1);
        assertThat(other.ask("FETCH", "n")).isEqualTo("3");
    }

    /** The documented behaviour of watched keys where it differs from Redis. */
    @Test
    void watch_writesThatShowNothingNew_countIfTheyAreUpdates() throws Exception {
        for (List<String> each : List.of(
                List.of("SADD s a", "s", "SADD s a", "nil"),
                List.of("SADD t a", "t", "SMOVE s t a", "nil"),
                List.of("ZADD z 1 a", "z", "ZADD z 1 a", "nil"),
                List.of("ZADD z 1 a", "z", "ZINCRBY z 0 a", "nil"),
                List.of("SET k v", "k", "SET k v", "nil"),
                List.of("HSET h f v", "h", "HSET h f v", "nil"),
                List.of("RPUSH l a b", "l", "LTRIM l 0 -1", "[x]"),
                List.of("RPUSH l a b", "l", "LMOVE l l LEFT LEFT", "[x]"),
                List.of("SET k v", "k", "APPEND k \"\"", "[x]"))) {
            other.ask(words(each.get(0)));
            client.ask("WATCH", each.get(1));
            other.ask(words(each.get(2)));
            client.ask("MULTI");
            client.ask("ECHO", "x");
            assertThat(client.ask("EXEC")).as(each.get(2)).isEqualTo(each.get(3));
        }
    }

    private static String[] words(String line) {
        return Arrays.stream(line.split(" "))
                .map(word -> word.equals("\"\"") ? "" : word)
                .toArray(String[]::new);
    }

    @Test
    void exec_inOnePipeline_repliesInOrder() throws Exception {
        client.send((RedisClient.encoded("MULTI") + RedisClient.encoded("ADD", "n", "1") + RedisClient.encoded("EXEC"))
                .repeat(50));

        List<String> replies = client.replies(150);
        assertThat(replies.subList(0, 6)).containsExactly("+OK", "+QUEUED", "[1]", "+OK", "+QUEUED", "[2]");
        assertThat(replies.getLast()).isEqualTo("[50]");
    }

    @Test
    void exec_afterARefusedCommand_abortsAll() throws Exception {
        for (String[] wrong : List.of(new String[] {"NOSUCH"}, new String[] {"PUT", "k"}, new String[] {"NOTQUEUED"})) {
            client.ask("MULTI");
            client.ask("PUT", "k", "v");
            assertThat(client.ask(wrong)).startsWith("-ERR ");
            assertThat(client.ask("EXEC")).isEqualTo("-EXECABORT Transaction discarded because of previous errors.");
        }
        assertThat(client.ask("FETCH", "k")).isEqualTo("nil");
    }

    @Test
    void exec_commandThatIsRefused_answersInPlaceAndOthersGoOn() throws Exception {
        client.send("MULTI\r\nPUT a 1\r\nADD a x\r\nPUT b 2\r\nEXEC\r\n");

        assertThat(client.replies(5).getLast()).isEqualTo("[+OK, -ERR value is not an integer or out of range, +OK]");
        assertThat(client.ask("FETCH", "b")).isEqualTo("2");
    }

    @Test
    void exec_commandThatFailedHalfWay_nothingHappens() throws Exception {
        client.send("MULTI\r\nPUT a 1\r\nHALF b\r\nPUT c 2\r\nEXEC\r\n");

        assertThat(client.replies(5).getLast()).startsWith("-ERR internal error");
        assertThat(List.of(client.ask("FETCH", "a"), client.ask("FETCH", "b"), client.ask("FETCH", "c")))
                .containsOnly("nil");
        assertThat(client.ask("HALF", "b")).isEqualTo("-ERR too late");
        assertThat(client.ask("FETCH", "b")).isEqualTo("nil");
    }

    @Test
    void exec_updateTooLarge_refusedAsAWhole() throws Exception {
        client.ask("MULTI");
        // Few bytes to queue, many to write.
        for (int i = 0; i < 3; i++) {
            assertThat(client.ask("PUT", "k" + i, "x".repeat(300_000))).isEqualTo("+QUEUED");
        }
        assertThat(client.ask("PUT", "k3", "x".repeat(300_000))).startsWith("-ERR transaction: too many commands");
        assertThat(client.ask("EXEC")).startsWith("-EXECABORT");
        assertThat(client.ask("FETCH", "k0")).isEqualTo("nil");
    }

    @Test
    void exec_commandsThatMakeMuchOfLittle_areRefusedBeforeAllIsInMemory() throws Exception {
        client.ask("MULTI");
        for (int i = 0; i < 1_000; i++) {
            assertThat(client.ask("SETRANGE", "k" + i, "499999", "x")).isEqualTo("+QUEUED");
        }
        assertThat(client.ask("EXEC")).matches("-ERR update: 25001.. bytes .* \\(expected: at most 1048576\\)");
        assertThat(client.ask("EXISTS", "k0")).isEqualTo("0");

        client.send("MULTI\r\nSETRANGE a 499999 x\r\nSETRANGE b 499999 x\r\nSETRANGE c 499999 x\r\nDEL a\r\nEXEC\r\n");
        assertThat(client.replies(6).getLast()).isEqualTo("[500000, 500000, 500000, 1]");
    }

    @Test
    void setRange_beyondTheLongestValue_isRefusedAsRedisDoes() throws Exception {
        assertThat(client.ask("SETRANGE", "k", "500000", "x"))
                .isEqualTo("-ERR string exceeds maximum allowed size (proto-max-bulk-len)");
        client.ask("SETRANGE", "k", "499999", "x");
        assertThat(client.ask("APPEND", "k", "x"))
                .isEqualTo("-ERR string exceeds maximum allowed size (proto-max-bulk-len)");
    }

    @Test
    void watch_keyChangedByAnother_execDoesNothing() throws Exception {
        assertThat(client.ask("WATCH", "k")).isEqualTo("+OK");
        assertThat(other.ask("PUT", "k", "1")).isEqualTo("+OK");
        client.send("MULTI\r\nPUT k 2\r\nEXEC\r\n");
        assertThat(client.replies(3).getLast()).isEqualTo("nil");
        assertThat(client.ask("FETCH", "k")).isEqualTo("1");

        client.send("MULTI\r\nPUT k 2\r\nEXEC\r\n");
        assertThat(client.replies(3).getLast()).isEqualTo("[+OK]");
    }

    @Test
    void watch_keyWrittenWithTheSameValue_counts() throws Exception {
        client.ask("PUT", "k", "1");
        client.ask("WATCH", "k");
        other.ask("PUT", "k", "1");
        client.send("MULTI\r\nEXEC\r\n");

        assertThat(client.replies(2).getLast()).isEqualTo("nil");
    }

    @Test
    void watch_changedAtAnotherNode_counts() throws Exception {
        client.ask("WATCH", "k");
        node.receive("k", "elsewhere");
        client.send("MULTI\r\nPUT k here\r\nEXEC\r\n");

        assertThat(client.replies(3).getLast()).isEqualTo("nil");
        assertThat(client.ask("FETCH", "k")).isEqualTo("elsewhere");
    }

    @Test
    void watch_otherKeysChangedOrUnwatched_execRuns() throws Exception {
        client.ask("WATCH", "a");
        other.ask("PUT", "b", "1");
        client.send("MULTI\r\nEXEC\r\n");
        assertThat(client.replies(2).getLast()).isEqualTo("[]");

        client.ask("WATCH", "a");
        other.ask("PUT", "a", "1");
        assertThat(client.ask("UNWATCH")).isEqualTo("+OK");
        client.send("MULTI\r\nEXEC\r\n");
        assertThat(client.replies(2).getLast()).isEqualTo("[]");
    }

    @Test
    void watch_anyChangeOfACollectionOrADeadline_counts() throws Exception {
        for (String[] change : List.of(
                new String[] {"SREM", "set", "a"},
                new String[] {"SADD", "set", "a"},
                new String[] {"HSET", "hash", "f", "1"},
                new String[] {"HINCRBY", "hash", "f", "1"},
                new String[] {"HINCRBY", "hash", "f", "1"},
                new String[] {"HDEL", "hash", "f"},
                new String[] {"ZADD", "zset", "2", "a"},
                new String[] {"LSET", "list", "0", "b"},
                new String[] {"LPOP", "list"},
                new String[] {"EXPIRE", "set", "100"},
                new String[] {"PERSIST", "set"},
                new String[] {"INCR", "n"},
                new String[] {"INCR", "n"},
                new String[] {"DEL", "n"})) {
            if (change[0].equals("SREM")) {
                client.send("SADD set a b\r\nHSET hash g 1\r\nZADD zset 1 a\r\nRPUSH list a a\r\n");
                client.replies(4);
            }
            client.ask("WATCH", change[1]);
            other.ask(change);
            client.send("MULTI\r\nEXEC\r\n");
            assertThat(client.replies(2).getLast()).as(String.join(" ", change)).isEqualTo("nil");
        }
        client.ask("WATCH", "set", "hash", "zset", "list", "n");
        client.send("MULTI\r\nEXEC\r\n");
        assertThat(client.replies(2).getLast()).isEqualTo("[]");
    }

    @Test
    void watch_tooManyOrTooLongKeys_isRefused() throws Exception {
        String[] many = new String[1_025];
        Arrays.setAll(many, i -> i == 0 ? "WATCH" : "k" + i);
        assertThat(client.ask(many)).isEqualTo("+OK");
        assertThat(client.ask("WATCH", "k"))
                .isEqualTo("-ERR watched keys: too many (expected: at most 1024 a connection, of fewer bytes together"
                        + " than one update may have)");
        client.ask("UNWATCH");
        assertThat(client.ask("WATCH", "k")).isEqualTo("+OK");

        String[] large = new String[18];
        Arrays.setAll(large, i -> i == 0 ? "WATCH" : "k".repeat(65_000) + i);
        assertThat(client.ask(large)).startsWith("-ERR watched keys: too many");
    }

    @Test
    void publish_refusedWhenQueued_abortsTheTransactionAndKeepsTheConnection() throws Exception {
        client.send("MULTI\r\nPUT k 1\r\n" + RedisClient.encoded("PUBLISH", "c".repeat(70_000), "x") + "EXEC\r\n");

        assertThat(client.replies(4).subList(2, 4))
                .containsExactly(
                        "-ERR channel: 70000 bytes (expected: at most 65535)",
                        "-EXECABORT Transaction discarded because of previous errors.");
        assertThat(client.ask("FETCH", "k")).isEqualTo("nil");
    }

    @Test
    void exec_largeRepliesOfCommandsAboutTheNode_areBounded() throws Exception {
        int commands = 200;
        client.send("MULTI\r\nPUT k 1\r\n" + "COMMAND DOCS\r\n".repeat(commands) + "CLIENT SETNAME me\r\nEXEC\r\n");

        String replies = client.replies(commands + 4).getLast();
        assertThat(replies).startsWith("[+OK, ").endsWith(" bytes)]");
        assertThat(client.ask("CLIENT", "GETNAME"))
                .as("what was refused was not done")
                .isEqualTo("nil");
    }

    @Test
    void reset_dropsTheQueueAndTheWatchedKeys() throws Exception {
        client.ask("WATCH", "k");
        client.ask("MULTI");
        assertThat(client.ask("PUT", "k", "1")).isEqualTo("+QUEUED");
        assertThat(client.ask("RESET")).isEqualTo("+RESET");

        assertThat(client.ask("FETCH", "k")).isEqualTo("nil");
        other.ask("PUT", "k", "2");
        client.send("MULTI\r\nEXEC\r\n");
        assertThat(client.replies(2).getLast()).isEqualTo("[]");
    }

    @Test
    void wrongOrder_toldAsRedisDoes() throws Exception {
        assertThat(client.ask("EXEC")).isEqualTo("-ERR EXEC without MULTI");
        assertThat(client.ask("DISCARD")).isEqualTo("-ERR DISCARD without MULTI");
        client.ask("MULTI");
        assertThat(client.ask("MULTI")).isEqualTo("-ERR MULTI calls can not be nested");
        assertThat(client.ask("WATCH", "k")).isEqualTo("-ERR WATCH inside MULTI is not allowed");
        assertThat(client.ask("PUT", "k", "v")).isEqualTo("+QUEUED");
        assertThat(client.ask("DISCARD")).isEqualTo("+OK");
        assertThat(client.ask("FETCH", "k")).isEqualTo("nil");
    }
}
