package dev.hence.redis.commands;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.node.session.SessionTokens;
import dev.hence.redis.RedisClient;
import dev.hence.redis.RedisNode;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.node.RequestRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CausalCommandsTest {

    @TempDir
    private Path directory;

    private RedisNode here;
    private RedisNode there;
    private RedisClient client;
    private RedisClient other;

    @BeforeEach
    void start() throws IOException {
        here = RedisNode.start("node1", directory.resolve("1"));
        there = RedisNode.start("node2", directory.resolve("2"));
        client = here.client();
        other = there.client();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        other.close();
        here.close();
        there.close();
    }

    @Test
    void token_afterWrite_isThatOfHttp() throws Exception {
        client.value("SET", "a", "1");

        String token = (String) client.value("CAUSAL", "TOKEN");

        assertThat(new SessionTokens("hence").decode(token))
                .isEqualTo(here.node().clock());
    }

    @Test
    void token_ofFreshConnection_standsForNothing() throws Exception {
        client.value("SET", "a", "1");

        try (RedisClient fresh = here.client()) {
            assertThat(new SessionTokens("hence").decode((String) fresh.value("CAUSAL", "TOKEN")))
                    .isEqualTo(VersionVector.EMPTY);
        }
    }

    @Test
    void wait_forWhatIsHere_goesOnFromThere() throws Exception {
        client.value("SET", "a", "1");
        String token = (String) client.value("CAUSAL", "TOKEN");

        try (RedisClient fresh = here.client()) {
            assertThat(fresh.value("CAUSAL", "WAIT", token)).isEqualTo("OK");
            assertThat(fresh.value("CAUSAL", "TOKEN")).isEqualTo(token);
        }
    }

    @Test
    void wait_untilItArrives_isAnsweredThen() throws Exception {
        other.value("SET", "a", "1");
        String token = (String) other.value("CAUSAL", "TOKEN");

        client.request("CAUSAL", "WAIT", token, "60000");
        eventually("the client waits", () -> isBlocked(here));
        here.follow(there);

        assertThat(client.value()).isEqualTo("OK");
        assertThat(client.value("GET", "a")).isEqualTo("1");
    }

    private static boolean isBlocked(RedisNode node) throws IOException {
        try (RedisClient looking = node.client()) {
            return String.valueOf(looking.value("INFO", "clients")).contains("blocked_clients:1");
        }
    }

    @Test
    void wait_forWhatIsMissing_namesIt() throws Exception {
        other.value("SET", "a", "1");
        other.value("SET", "a", "2");
        String token = (String) other.value("CAUSAL", "TOKEN");

        assertThat(client.refusal("CAUSAL", "WAIT", token, "0"))
                .startsWith("BEHIND ")
                .contains(there.node().self() + ":2");
        assertThat(client.value("CAUSAL", "TOKEN"))
                .as("the session does not claim what is not here")
                .isEqualTo(new SessionTokens("hence").encode(VersionVector.EMPTY));
    }

    @Test
    void wait_unblockedByAnother_endsAsItIsTold() throws Exception {
        other.value("SET", "a", "1");
        String token = (String) other.value("CAUSAL", "TOKEN");
        long id = (long) client.value("CLIENT", "ID");

        try (RedisClient operator = here.client()) {
            client.request("CAUSAL", "WAIT", token, "60000");
            eventually("the client waits", () -> isBlocked(here));
            assertThat(operator.value("CLIENT", "UNBLOCK", Long.toString(id), "ERROR"))
                    .isEqualTo(1L);
            assertThat(client.value())
                    .isEqualTo(new RedisClient.Failed("UNBLOCKED client unblocked via CLIENT UNBLOCK"));

            client.request("CAUSAL", "WAIT", token, "60000");
            eventually("the client waits", () -> isBlocked(here));
            assertThat(operator.value("CLIENT", "UNBLOCK", Long.toString(id))).isEqualTo(1L);
            assertThat(((RedisClient.Failed) client.value()).text()).startsWith("BEHIND ");
        }
        assertThat(client.value("PING")).isEqualTo("PONG");
    }

    @Test
    void wait_forAnotherClustersToken_isRefused() throws Exception {
        assertThat(client.refusal("CAUSAL", "WAIT", new SessionTokens("other").encode(VersionVector.EMPTY)))
                .startsWith("ERR session token: of another cluster");
        assertThat(client.refusal("CAUSAL", "WAIT", "x")).startsWith("ERR session token: malformed");
        assertThat(client.refusal("CAUSAL", "WAIT", "x", "60001")).startsWith("ERR timeout");
    }

    @Test
    void clock_afterWrites_isByName() throws Exception {
        client.value("SET", "a", "1");
        other.value("SET", "b", "1");
        other.value("SET", "b", "2");
        here.follow(there);
        client.value("HELLO", "3");

        assertThat(client.value("CAUSAL", "CLOCK")).isEqualTo(Map.of("node1", 1L, "node2", 2L));
    }

    @Test
    void siblings_ofConcurrentSets_winnerFirst() throws Exception {
        client.value("SET", "a", "mine");
        other.value("SET", "a", "theirs");
        here.follow(there);
        client.value("HELLO", "3");

        List<?> siblings = (List<?>) client.value("CAUSAL", "SIBLINGS", "a");

        assertThat(siblings).hasSize(2);
        assertThat((Map<?, ?>) siblings.getFirst())
                .extracting("value", "node_id", "dot", "winner")
                .containsExactly(client.value("GET", "a"), "node2", there.node().self() + ":1", true);
        assertThat((Map<?, ?>) siblings.getLast()).extracting("value", "winner").containsExactly("mine", false);
    }

    @Test
    void siblings_ofAbsentKey_areNone() throws Exception {
        assertThat(client.value("CAUSAL", "SIBLINGS", "nothing")).isEqualTo(List.of());
    }

    @Test
    void siblings_ofAFieldOfAString_areWrongType() throws Exception {
        client.value("SET", "a", "1");

        assertThat(client.refusal("CAUSAL", "SIBLINGS", "a", "field")).startsWith("WRONGTYPE ");
    }

    @Test
    void status_withBufferedUpdate_saysWhatItWaitsFor() throws Exception {
        other.value("SET", "a", "1");
        other.value("SET", "a", "2");
        here.followLast(there);
        here.hears("node2", there.node().clock());
        client.value("SET", "b", "1");
        client.value("HELLO", "3");

        Map<?, ?> status = (Map<?, ?>) client.value("CAUSAL", "STATUS");

        assertThat(status)
                .extracting("node_id", "buffered_count", "session_clock")
                .containsExactly("node1", 1L, Map.of("node1", 1L, "node2", 0L));
        assertThat((List<?>) status.get("buffered"))
                .singleElement()
                .extracting("dot", "waiting_for")
                .containsExactly(there.node().self() + ":2", there.node().self() + ":1");
        assertThat((List<?>) status.get("members"))
                .singleElement()
                .extracting("node_id", "updates_missing_there")
                .containsExactly("node2", 1L);
    }

    @Test
    void once_repeated_answersTheSameAndWritesNothing() throws Exception {
        assertThat(client.value("CAUSAL", "ONCE", "r1", "INCR", "n")).isEqualTo(1L);
        VersionVector clock = here.node().clock();

        assertThat(client.value("CAUSAL", "ONCE", "r1", "INCR", "n")).isEqualTo(1L);
        try (RedisClient again = here.client()) {
            assertThat(again.value("CAUSAL", "ONCE", "r1", "incr", "n")).isEqualTo(1L);
        }
        assertThat(client.value("GET", "n")).isEqualTo("1");
        assertThat(here.node().clock()).isEqualTo(clock);

        assertThat(client.value("CAUSAL", "ONCE", "r2", "INCR", "n")).isEqualTo(2L);
    }

    @Test
    void once_repeatedAtTheSameTime_isCarriedOutOnce() throws Exception {
        int clients = 8;
        List<CompletableFuture<Object>> answers = java.util.stream.IntStream.range(0, clients)
                .mapToObj(any -> CompletableFuture.supplyAsync(() -> {
                    try (RedisClient one = here.client()) {
                        return (Object) String.valueOf(one.value("CAUSAL", "ONCE", "r1", "INCR", "n"));
                    } catch (IOException failed) {
                        throw new IllegalStateException(failed);
                    }
                }))
                .toList();

        for (CompletableFuture<Object> answer : answers) {
            assertThat(outcome(answer)).isEqualTo("1");
        }
        assertThat(client.value("GET", "n")).isEqualTo("1");
    }

    @Test
    void once_afterRestart_isStillRemembered() throws Exception {
        assertThat(client.value("CAUSAL", "ONCE", "r1", "INCR", "n")).isEqualTo(1L);
        assertThat(client.value("CAUSAL", "ONCE", "r2", "SET", "a", "b")).isEqualTo("OK");
        client.close();
        here.close();

        here = RedisNode.start("node1", directory.resolve("1"));
        client = here.client();

        assertThat(client.value("CAUSAL", "ONCE", "r1", "INCR", "n")).isEqualTo(1L);
        assertThat(client.value("CAUSAL", "ONCE", "r2", "SET", "a", "b")).isEqualTo("OK");
        assertThat(client.value("GET", "n")).isEqualTo("1");
    }

    @Test
    void once_refused_isNotRemembered() throws Exception {
        client.value("SET", "n", "text");
        assertThat(client.refusal("CAUSAL", "ONCE", "r1", "INCR", "n")).startsWith("ERR value is not an integer");

        client.value("SET", "n", "5");
        assertThat(client.value("CAUSAL", "ONCE", "r1", "INCR", "n")).isEqualTo(6L);
    }

    @Test
    void once_withTheIdOfAnotherCommand_isRefused() throws Exception {
        client.value("CAUSAL", "ONCE", "r1", "INCR", "n");

        assertThat(client.refusal("CAUSAL", "ONCE", "r1", "INCR", "m")).startsWith("ERR id: \"r1\" was used");
    }

    @Test
    void once_ofWhatIsNoWrite_isRefused() throws Exception {
        assertThat(client.refusal("CAUSAL", "ONCE", "r1", "GET", "a")).startsWith("ERR command: GET");
        assertThat(client.refusal("CAUSAL", "ONCE", "r1", "PING")).startsWith("ERR command: PING");
        assertThat(client.refusal("CAUSAL", "ONCE", "r1", "EXEC")).startsWith("ERR command: EXEC");
        assertThat(client.refusal("CAUSAL", "ONCE", "r1", "NOTHING")).startsWith("ERR unknown command");
        assertThat(client.refusal("CAUSAL", "ONCE", "r1", "INCR")).startsWith("ERR wrong number of arguments");
        assertThat(client.refusal("CAUSAL", "ONCE", "x".repeat(129), "INCR", "a"))
                .startsWith("ERR id: 129 bytes");
    }

    @Test
    void once_repeatedAtANodeThatHasTheUpdate_isAnsweredThere() throws Exception {
        client.value("CAUSAL", "ONCE", "r1", "INCR", "n");
        there.follow(here);
        VersionVector clock = there.node().clock();

        assertThat(other.value("CAUSAL", "ONCE", "r1", "INCR", "n")).isEqualTo(1L);
        assertThat(other.refusal("CAUSAL", "ONCE", "r1", "INCR", "m")).startsWith("ERR id: \"r1\" was used");
        assertThat(there.node().clock()).isEqualTo(clock);

        other.close();
        there.close();
        there = RedisNode.start("node2", directory.resolve("2"));
        other = there.client();
        assertThat(other.value("CAUSAL", "ONCE", "r1", "INCR", "n")).isEqualTo(1L);
        assertThat(other.value("GET", "n")).isEqualTo("1");
    }

    @Test
    void once_atANodeThatHasNotHeardOfIt_isCarriedOutThere() throws Exception {
        client.value("CAUSAL", "ONCE", "r1", "INCR", "n");

        assertThat(other.value("CAUSAL", "ONCE", "r1", "INCR", "n")).isEqualTo(1L);
        there.follow(here);
        assertThat(other.value("GET", "n")).isEqualTo("2");
    }

    @Test
    void once_thatChangesNothing_isRememberedAndNoOperation() throws Exception {
        assertThat(client.value("CAUSAL", "ONCE", "r1", "DEL", "n")).isEqualTo(0L);
        client.value("SET", "n", "1");
        assertThat(client.value("CAUSAL", "ONCE", "r1", "DEL", "n")).isEqualTo(0L);
        assertThat(client.value("GET", "n")).isEqualTo("1");
        assertThat(here.node()
                        .updates()
                        .of(here.node().self(), 0, 1, 1)
                        .getFirst()
                        .operations())
                .isEmpty();
    }

    @Test
    void once_carriedOutByAnEarlierVersion_isStillRemembered() throws Exception {
        List<Bytes> words = List.of(Bytes.utf8("INCR"), Bytes.utf8("n"));
        Bytes record = new RequestRecord(Bytes.utf8("r1"), RequestRecord.digest(words), Reply.ONE).bytes();
        Bytes old = Bytes.wrap(Arrays.copyOfRange(record.array(), RequestRecord.MARK.length(), record.length()));
        here.node().write(transaction -> {
            transaction.set(Bytes.utf8("n"), Bytes.utf8("1"));
            transaction.publish(Bytes.utf8("\0hence:once"), old);
            return "done";
        });
        client.close();
        here.close();

        here = RedisNode.start("node1", directory.resolve("1"));
        client = here.client();
        assertThat(client.value("CAUSAL", "ONCE", "r1", "INCR", "n")).isEqualTo(1L);
        assertThat(client.value("GET", "n")).isEqualTo("1");
    }

    @Test
    void help_ofCausal_namesItsSubcommands() throws Exception {
        assertThat((List<?>) client.value("CAUSAL", "HELP"))
                .extracting(Object::toString)
                .contains("TOKEN", "WAIT token [timeout-millis]", "SIBLINGS key [field]");
    }
}
