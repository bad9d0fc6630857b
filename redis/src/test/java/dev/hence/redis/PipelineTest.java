package dev.hence.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.node.memory.MemoryBudget;
import dev.hence.redis.execution.Multi;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pipeline without a socket: bytes sent in one call are accepted together, so their division into commits, threads
 * and writes to the client is deterministic.
 */
final class PipelineTest {

    private static final int MEMORY_BYTES = 1 << 20;

    @TempDir
    private Path data;

    private final MemoryBudget memory = new MemoryBudget(MEMORY_BYTES);
    private RedisNode node;
    private DirectClient client;

    @BeforeEach
    void start() throws IOException {
        node = RedisNode.start(data, memory);
        client = node.direct();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        node.close();
    }

    private List<String> send(int replies, String... lines) throws IOException {
        StringBuilder requests = new StringBuilder();
        for (String line : lines) {
            requests.append(RedisClient.encoded(line.split(" ")));
        }
        client.send(requests.toString());
        return client.replies(replies);
    }

    @Test
    void writes_takenTogether_areOneCommitAndAnUpdateEach() throws IOException {
        long before = node.commits();
        client.send(RedisClient.encoded("ADD", "n", "1").repeat(100));

        assertThat(client.replies(100)).startsWith("1", "2", "3").endsWith("99", "100");
        assertThat(node.commits() - before).isEqualTo(1);
        assertThat(node.updates()).hasSize(100);
        assertThat(client.flushes()).isEqualTo(1);
    }

    @Test
    void writes_moreThanOnePipelineHolds_areSeveralCommits() throws IOException {
        long before = node.commits();
        client.send(RedisClient.encoded("ADD", "n", "1").repeat(2_100));

        assertThat(client.replies(2_100)).endsWith("2100");
        assertThat(node.commits() - before).isEqualTo(3);
    }

    @Test
    void readsAlone_takenTogether_shareASnapshotOnTheConnectionsThread() throws IOException {
        long before = node.commits();

        assertThat(send(3, "WHERE k", "WHERE k", "FETCH k"))
                .containsExactly(
                        Thread.currentThread().getName(), Thread.currentThread().getName(), "nil");
        assertThat(node.commits()).isEqualTo(before);
    }

    @Test
    void cheapReadBehindAWrite_isRunByTheWriterInTheSameCommit() throws IOException {
        long before = node.commits();

        assertThat(send(4, "PUT k v", "FETCH k", "WHERE k", "PUT k w"))
                .containsExactly("+OK", "v", "hence-writer", "+OK");
        assertThat(node.commits() - before).isEqualTo(1);
    }

    @Test
    void readThatWalksBehindAWrite_dividesTheCommits() throws IOException {
        long before = node.commits();

        assertThat(send(3, "PUT k v", "WALK k", "PUT k w")).containsExactly("+OK", "v", "+OK");
        assertThat(node.commits() - before).isEqualTo(2);
    }

    @Test
    void readBehindTooManyReadsBehindAWrite_isNotRunByTheWriter() throws IOException {
        List<String> lines = new ArrayList<>(List.of("PUT k v"));
        for (int reads = 0; reads < 129; reads++) {
            lines.add("WHERE k");
        }
        List<String> replies = send(130, lines.toArray(String[]::new));

        assertThat(replies.subList(1, 129)).containsOnly("hence-writer");
        assertThat(replies.getLast()).isEqualTo(Thread.currentThread().getName());
    }

    @Test
    void largeRepliesToSmallRequestsBehindAWrite_areNotAllHeldUntilTheEnd() throws IOException {
        long before = node.commits();
        client.send(RedisClient.encoded("ADD", "n", "1")
                + RedisClient.encoded("COMMAND", "DOCS").repeat(200)
                + RedisClient.encoded("ADD", "n", "1"));

        assertThat(client.replies(202)).startsWith("1").endsWith("2");
        assertThat(node.commits() - before).isEqualTo(2);
    }

    @Test
    void refusedCommandBehindAWrite_isAnsweredInItsPlace() throws IOException {
        long before = node.commits();

        assertThat(send(4, "PUT k v", "NOSUCH", "GETNOTHING x", "FETCH k"))
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo("+OK"),
                        second -> assertThat(second).startsWith("-ERR unknown command 'NOSUCH'"),
                        third -> assertThat(third).startsWith("-ERR unknown command 'GETNOTHING'"),
                        fourth -> assertThat(fourth).isEqualTo("v"));
        assertThat(node.commits() - before).isEqualTo(1);
    }

    @Test
    void failedWrite_inTheMiddle_leavesThoseAroundIt() throws IOException {
        assertThat(send(3, "ADD n 1", "HALF h", "ADD n 1")).containsExactly("1", "-ERR too late", "2");
        assertThat(client.ask("FETCH", "h")).isEqualTo("nil");
    }

    @Test
    void session_afterWritesAndReads_hasSeenWhatTheyDid() throws IOException {
        send(2, "PUT a 1", "PUT b 2");
        assertThat(client.session().lastWrite())
                .isEqualTo(node.updates().getLast().dot());
        assertThat(client.session().clock()).isEqualTo(node.node().clock());

        node.receive("c", "elsewhere");
        assertThat(client.session().clock()).isNotEqualTo(node.node().clock());
        send(1, "FETCH c");
        assertThat(client.session().clock()).isEqualTo(node.node().clock());
    }

    @Test
    void refusedWrite_sessionHasSeenWhatRefusedIt() throws IOException {
        node.receive("c", "elsewhere");

        assertThat(send(1, "HALF h")).containsExactly("-ERR too late");
        assertThat(client.session().clock()).isEqualTo(node.node().clock());
        assertThat(client.session().lastWrite()).isNull();
    }

    @Test
    void repliesLargerThanTheMemory_oneByOne_andAllIsGivenBack() throws IOException {
        String large = "x".repeat(400_000);
        client.ask("PUT", "k", large);

        assertThat(send(5, "PUT n 1", "FETCH k", "FETCH k", "FETCH k", "FETCH k"))
                .containsExactly("+OK", large, large, large, large);
        assertThat(memory.heldBytes()).isZero();
    }

    @Test
    void replyThatFindsNoMemory_nothingBehindItRunsBeforeItOrTwice() throws IOException {
        String large = "x".repeat(600_000);
        client.ask("PUT", "k", large);

        assertThat(send(5, "ADD n 1", "FETCH k", "FETCH k", "ADD n 1", "FETCH n"))
                .containsExactly("1", large, large, "2", "2");
    }

    @Test
    void writesThatTheNodeRejects_readsAmongThemAreAnswered() throws IOException {
        client.ask("PUT", "k", "v");
        node.node().gate().rescuing("waits for node2");

        assertThat(send(4, "PUT k w", "FETCH k", "ADD n 1", "WALK k"))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("-LOADING "),
                        second -> assertThat(second).isEqualTo("v"),
                        third -> assertThat(third).startsWith("-LOADING "),
                        fourth -> assertThat(fourth).isEqualTo("v"));
    }

    @Test
    void exec_untilItsPipelineIsAnswered_keepsTheMemoryOfItsQueue() {
        Multi multi = client.session().multi();
        multi.begin();
        assertThat(multi.claim(200_000)).isTrue();
        long queuedBytes = memory.heldBytes();
        assertThat(queuedBytes).isPositive();

        multi.exec();
        assertThat(memory.heldBytes()).isEqualTo(queuedBytes);
        multi.settled();
        assertThat(memory.heldBytes()).isZero();
    }

    @Test
    void exec_isOneUpdateAmongThoseAroundIt() throws IOException {
        long before = node.commits();

        assertThat(send(6, "PUT a 1", "MULTI", "PUT b 2", "ADD n 5", "EXEC", "FETCH n"))
                .containsExactly("+OK", "+OK", "+QUEUED", "+QUEUED", "[+OK, 5]", "5");
        assertThat(node.updates()).hasSize(2);
        assertThat(node.commits() - before).isEqualTo(1);
    }

    @Test
    void execOfACommandAboutTheConnection_commandsBehindItSeeItsEffect() throws IOException {
        assertThat(send(5, "MULTI", "CLIENT SETNAME a", "EXEC", "CLIENT GETNAME", "CLIENT SETNAME b"))
                .containsExactly("+OK", "+QUEUED", "[+OK]", "a", "+OK");
        assertThat(client.ask("CLIENT", "GETNAME")).isEqualTo("b");

        assertThat(send(4, "MULTI", "SUBSCRIBE c", "EXEC", "PUT k v").getLast()).startsWith("-ERR Can't execute 'put'");
    }

    @Test
    void blockingCommand_repliesBeforeItAreSentBeforeItWaits() throws IOException {
        assertThat(send(3, "PUT a 1", "TAKE none 1", "FETCH a")).containsExactly("+OK", "nil", "1");
        // The first flush is when it starts to wait.
        assertThat(client.flushes()).isEqualTo(2);
    }

    @Test
    void blockingCommand_messageAfterItsWait_comesBehindTheReplies() throws IOException {
        client.ask("HELLO", "3");

        assertThat(send(4, "TAKE none 1", "TELL a", "PING"))
                .containsExactly("nil", "told", "+PONG", "push[message, a]");
    }

    @Test
    void blockingCommand_somethingThere_takesItWithoutWaiting() throws IOException {
        assertThat(send(3, "PUT k v", "TAKE k 0", "FETCH k")).containsExactly("+OK", "[k, v]", "nil");
        assertThat(client.flushes()).isEqualTo(1);
    }
}
