package dev.hence.redis.commands;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.VersionVector;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.redis.RedisClient;
import dev.hence.redis.RedisNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The commands that wait until a write is stored. */
final class WaitCommandsTest extends ConnectedTest {

    @Test
    void wait_withoutWrites_countsTheMembers() throws Exception {
        node.hears("node2", VersionVector.EMPTY);

        assertThat(client.value("WAIT", "5", "0")).isEqualTo(1L);
    }

    @Test
    void wait_forOthers_endsWhenTheyHaveStoredTheWrite() throws Exception {
        VersionVector before = node.node().clock();
        node.hears("node2", before);
        node.hears("node3", before);
        client.value("SET", "a", "1");
        assertThat(client.value("WAIT", "1", "1")).isEqualTo(0L);

        node.hears("node2", node.node().clock());
        assertThat(client.value("WAIT", "1", "0")).isEqualTo(1L);

        client.request("WAIT", "2", "0");
        eventually("the client waits", this::isBlocked);
        node.hears("node3", node.node().clock());
        assertThat(client.value()).isEqualTo(2L);
    }

    @Test
    void wait_ofClientThatIsKilled_ends() throws Exception {
        client.value("SET", "a", "1");
        long id = (long) client.value("CLIENT", "ID");
        client.request("WAIT", "9", "0");
        eventually("the client waits", this::isBlocked);

        try (RedisClient operator = node.client()) {
            assertThat(operator.value("CLIENT", "KILL", "ID", Long.toString(id)))
                    .isEqualTo(1L);
            eventually(
                    "it is gone",
                    () -> String.valueOf(operator.value("INFO", "clients")).contains("connected_clients:1\r\n"));
        }
    }

    @Test
    void wait_inPipeline_doesNotHoldBackTheRepliesBefore() throws Exception {
        client.request("SET", "a", "1");
        client.request("WAIT", "9", "0");
        assertThat(client.value()).isEqualTo("OK");

        long id;
        try (RedisClient operator = node.client()) {
            eventually("the client waits", this::isBlocked);
            id = (long) operator.value("CLIENT", "ID") - 1;
            eventually("it is told that the time is up", () -> {
                for (long each = 1; each <= id; each++) {
                    operator.value("CLIENT", "UNBLOCK", Long.toString(each));
                }
                return !isBlocked();
            });
        }
        assertThat(client.value()).isEqualTo(0L);
    }

    @Test
    void wait_withNonsense_isRefused() throws Exception {
        assertThat(client.refusal("WAIT", "1", "-1")).isEqualTo("ERR timeout is negative");
        assertThat(client.refusal("WAIT", "-1", "0")).startsWith("ERR value is out of range");
        assertThat(client.refusal("WAIT", "x", "0")).isEqualTo("ERR value is not an integer or out of range");
    }

    @Test
    void waitAof_withFsyncAlways_hasItHereAtOnce() throws Exception {
        client.value("SET", "a", "1");

        assertThat(client.value("WAITAOF", "1", "0", "0")).isEqualTo(List.of(1L, 0L));
    }

    @Test
    void waitAof_withFsyncEverySecond_waitsForIt() throws Exception {
        try (RedisNode other = RedisNode.start("node2", directory.resolve("2"), FsyncPolicy.EVERYSEC);
                RedisClient there = other.client()) {
            there.value("SET", "a", "1");

            assertThat(there.value("WAITAOF", "1", "0", "0")).isEqualTo(List.of(1L, 0L));
            there.value("SET", "a", "2");
            assertThat(there.value("SAVE")).isEqualTo("OK");
            assertThat(other.node().durableClock()).isEqualTo(other.node().clock());
        }
    }

    @Test
    void waitAof_withFsyncNever_isRefused() throws Exception {
        try (RedisNode other = RedisNode.start("node2", directory.resolve("2"), FsyncPolicy.NEVER);
                RedisClient there = other.client()) {
            there.value("SET", "a", "1");

            assertThat(there.refusal("WAITAOF", "1", "0", "0")).contains("fsync is never");
            assertThat(there.value("WAITAOF", "0", "0", "0")).isEqualTo(List.of(0L, 0L));
            assertThat(there.refusal("SAVE")).contains("fsync is never");
        }
    }

    private boolean isBlocked() throws IOException {
        try (RedisClient looking = node.client()) {
            return String.valueOf(looking.value("INFO", "clients")).contains("blocked_clients:1");
        }
    }
}
