package dev.hence.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pipelines over a socket, whose bytes arrive in parts: {@link PipelineTest} has those without one. */
final class SocketPipelineTest {

    @TempDir
    private Path data;

    @Test
    void pipeline_readsAndWritesMixed_answeredInOrderAndEachSeesThoseBefore() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            StringBuilder pipeline = new StringBuilder();
            List<String> expected = new ArrayList<>();
            for (int i = 1; i <= 3_000; i++) {
                pipeline.append(RedisClient.encoded("ADD", "n", "1")).append(RedisClient.encoded("FETCH", "n"));
                expected.addAll(List.of("" + i, "" + i));
                if (i % 7 == 0) {
                    pipeline.append(RedisClient.encoded("WALK", "n"));
                    expected.add("" + i);
                }
                if (i % 11 == 0) {
                    pipeline.append("PING\r\nNOSUCH x\r\n").append(RedisClient.encoded("CLIENT", "GETNAME"));
                    expected.addAll(
                            List.of("+PONG", "-ERR unknown command 'NOSUCH', with args beginning with: 'x' ", "nil"));
                }
            }
            client.send(pipeline.toString());

            assertThat(client.replies(expected.size())).isEqualTo(expected);
        }
    }

    @Test
    void pipeline_ofWrites_sharesFewCommits() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            long before = node.commits();
            client.send(RedisClient.encoded("PUT", "k", "v").repeat(100));

            assertThat(client.replies(100)).containsOnly("+OK");
            assertThat(node.updates()).hasSize(100);
            // One per part in which the bytes arrived; all parts together are 4 kB.
            assertThat(node.commits() - before).isBetween(1L, 10L);
        }
    }

    @Test
    void pipeline_ofWritesWithLargeReplies_isAnsweredPartByPart() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            String large = "x".repeat(1_000_000);
            StringBuilder pipeline = new StringBuilder();
            List<String> expected = new ArrayList<>();
            for (int i = 1; i <= 20; i++) {
                assertThat(client.ask("PUT", "k" + i, large + i)).isEqualTo("+OK");
                pipeline.append(RedisClient.encoded("ADD", "n", "1"))
                        .append(RedisClient.encoded("GETDEL", "k" + i))
                        .append(RedisClient.encoded("FETCH", "k" + i))
                        .append("NOSUCH\r\n");
                expected.addAll(
                        List.of("" + i, large + i, "nil", "-ERR unknown command 'NOSUCH', with args beginning with: "));
            }
            long before = node.commits();
            client.send(pipeline.toString());

            assertThat(client.replies(expected.size())).isEqualTo(expected);
            assertThat(node.commits() - before).isGreaterThanOrEqualTo(4);
        }
    }

    @Test
    void pipeline_ofLargeReadsBehindAWrite_isAnsweredInOrder() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            String large = "x".repeat(1_000_000);
            client.ask("PUT", "k", large);
            client.send(RedisClient.encoded("ADD", "n", "1")
                    + (RedisClient.encoded("FETCH", "k") + RedisClient.encoded("ADD", "n", "1")).repeat(12));

            List<String> expected = new ArrayList<>(List.of("1"));
            for (int i = 2; i <= 13; i++) {
                expected.addAll(List.of(large, "" + i));
            }
            assertThat(client.replies(expected.size())).isEqualTo(expected);
        }
    }

    @Test
    void pipeline_ofLargeRepliesBehindAWrite_isNotGatheredWhole() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            long before = node.commits();
            String echo = RedisClient.encoded("ECHO", "x".repeat(1_000_000));
            client.send(RedisClient.encoded("ADD", "n", "1") + echo.repeat(6) + RedisClient.encoded("ADD", "n", "1"));

            assertThat(client.replies(8)).startsWith("1").endsWith("2");
            assertThat(node.commits() - before).isEqualTo(2);
        }
    }

    @Test
    void pipeline_readOfManyWordsBehindAWrite_isNotRunByTheWriter() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            String write = RedisClient.encoded("PUT", "k", "v");
            client.send(write
                    + RedisClient.encoded("WHERE", "k")
                    + write
                    + RedisClient.encoded(("WHERE" + " k".repeat(16)).split(" ")));

            List<String> replies = client.replies(4);
            assertThat(replies.get(1)).isEqualTo("hence-writer");
            assertThat(replies.get(3)).isNotEqualTo("hence-writer");
        }
    }

    @Test
    void endOfRequests_pipelineBeforeIt_answered() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            client.send(RedisClient.encoded("PUT", "k", "v").repeat(10));
            client.endOfRequests();

            assertThat(client.replies(10)).isEqualTo(Collections.nCopies(10, "+OK"));
            assertThat(client.isEnded()).isTrue();
        }
    }
}
