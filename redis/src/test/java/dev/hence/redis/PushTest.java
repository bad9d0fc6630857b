package dev.hence.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.node.session.SessionTokens;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages to a client that come between its replies, and clients that want no replies. */
final class PushTest {

    @TempDir
    private Path data;

    @Test
    void push_whileACommandRuns_comesAfterItsReply() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            assertThat(client.ask("HELLO", "3")).startsWith("map[");
            client.send(RedisClient.encoded("TELL", "a") + RedisClient.encoded("PING"));

            assertThat(client.replies(3)).containsExactly("told", "+PONG", "push[message, a]");
        }
    }

    @Test
    void subscribed_inVersion2_takesOnlyWhatGoesWithIt() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            client.request("TELL", "a");
            assertThat(client.replies(2)).containsExactly("told", "[message, a]");
            assertThat(client.ask("FETCH", "k"))
                    .isEqualTo(
                            "-ERR Can't execute 'fetch': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET"
                                    + " are allowed in this context");
            assertThat(client.ask("PING", "hi")).isEqualTo("[pong, hi]");
        }
    }

    @Test
    void token_afterAMessage_coversIt() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient listener = node.client();
                RedisClient other = node.client()) {
            listener.ask("HELLO", "3");
            listener.ask("SUBSCRIBE", "c");
            other.ask("PUT", "k", "v");
            other.ask("PUBLISH", "c", "m");

            assertThat(listener.reply()).isEqualTo("push[message, c, m]");
            String token = listener.ask("CAUSAL", "TOKEN");
            assertThat(new SessionTokens("hence").decodeAll(token)).isEqualTo(node.node.clock());
        }
    }

    @Test
    void reset_messageOnItsWay_comesBeforeTheReplyAndInTheOldVersion() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            assertThat(client.ask("HELLO", "3")).startsWith("map[");
            client.send(RedisClient.encoded("TELL", "a") + RedisClient.encoded("RESET"));

            assertThat(client.replies(3)).containsExactly("told", "push[message, a]", "+RESET");
        }
    }

    @Test
    void clientReply_offAndSkip_silent() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            client.request("CLIENT", "REPLY", "OFF");
            client.request("PING");
            assertThat(client.ask("CLIENT", "REPLY", "ON")).isEqualTo("+OK");
            client.request("CLIENT", "REPLY", "SKIP");
            client.request("PING");
            assertThat(client.ask("ECHO", "heard")).isEqualTo("heard");
        }
    }

    @Test
    void clientReply_skipWhileOff_staysOff() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            client.request("CLIENT", "REPLY", "OFF");
            client.request("CLIENT", "REPLY", "SKIP");
            client.request("ECHO", "skipped");
            client.request("ECHO", "unheard");

            assertThat(client.ask("CLIENT", "REPLY", "ON")).isEqualTo("+OK");
        }
    }

    @Test
    void reset_whileRepliesAreOff_isAnswered() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            client.request("CLIENT", "REPLY", "OFF");

            assertThat(client.ask("RESET")).isEqualTo("+RESET");
        }
    }

    @Test
    void clientReply_offOrSkip_subscriptionsConfirmedNevertheless() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            client.request("CLIENT", "REPLY", "OFF");
            client.request("SUBSCRIBE", "a", "b");
            assertThat(client.replies(2)).containsExactly("[subscribe, a, 1]", "[subscribe, b, 2]");
            client.request("UNSUBSCRIBE");
            assertThat(client.replies(2)).containsExactly("[unsubscribe, a, 1]", "[unsubscribe, b, 0]");
            assertThat(client.ask("CLIENT", "REPLY", "ON")).isEqualTo("+OK");
            client.request("CLIENT", "REPLY", "SKIP");
            assertThat(client.ask("SUBSCRIBE", "c")).isEqualTo("[subscribe, c, 1]");
        }
    }
}
