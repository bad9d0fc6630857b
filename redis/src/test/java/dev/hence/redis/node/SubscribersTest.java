package dev.hence.redis.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.redis.connection.Reply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SubscribersTest {

    private static final ReplicaId NODE = new ReplicaId("node1", 1);

    private final Subscribers subscribers = new Subscribers();
    private final Listener listener = new Listener();
    private final Listener other = new Listener();
    private long lastCounter;

    /** Records the messages that it receives. */
    private static final class Listener implements Subscribers.Subscriber {
        final List<String> told = new ArrayList<>();
        int channels;
        int patterns;

        @Override
        public void push(Reply.Push message) {
            told.add(text(message));
        }

        @Override
        public void listensTo(int toChannels, int toPatterns) {
            channels = toChannels;
            patterns = toPatterns;
        }
    }

    private static String text(Reply.Push push) {
        List<String> words = new ArrayList<>();
        for (Reply each : push.elements()) {
            words.add(
                    switch (each) {
                        case Reply.Bulk(Bytes bytes) -> bytes.toString();
                        case Reply.Int(long number) -> Long.toString(number);
                        case Reply any -> any.getClass().getSimpleName();
                    });
        }
        return String.join(" ", words);
    }

    private static Bytes bytes(String text) {
        return Bytes.utf8(text);
    }

    private void publish(String channel, String message) {
        Dot dot = new Dot(NODE, ++lastCounter);
        VersionVector context = VersionVector.EMPTY.with(NODE, lastCounter - 1);
        subscribers.delivered(List.of(
                Update.of(dot, context, lastCounter, List.of(new Operation.Publish(bytes(channel), bytes(message))))));
    }

    private void byPrefix(Listener who, String pattern, String prefix) {
        subscribers.subscribe(who, bytes(pattern), channel -> channel.startsWith(bytes(prefix)));
    }

    @Test
    void delivered_toChannel_reachesItsSubscribersOnly() {
        subscribers.subscribe(listener, bytes("a"));
        subscribers.subscribe(other, bytes("b"));

        publish("a", "hello");

        assertThat(listener.told).containsExactly("message a hello");
        assertThat(other.told).isEmpty();
    }

    @Test
    void delivered_toChannelAndPattern_comesOncePerSubscription() {
        subscribers.subscribe(listener, bytes("news.sport"));
        byPrefix(listener, "news.*", "news.");
        byPrefix(listener, "*", "");

        publish("news.sport", "goal");

        assertThat(listener.told)
                .containsExactly(
                        "message news.sport goal", "pmessage news.* news.sport goal", "pmessage * news.sport goal");
        assertThat(subscribers.reached(bytes("news.sport"))).isEqualTo(3);
    }

    @Test
    void delivered_ofTheNodeItself_reachesNobody() {
        byPrefix(listener, "*", "");

        publish(RequestRecord.MARK.toString(), "record");

        assertThat(listener.told).isEmpty();
    }

    @Test
    void subscribe_again_countsOnce() {
        assertThat(text(subscribers.subscribe(listener, bytes("a")))).isEqualTo("subscribe a 1");
        assertThat(text(subscribers.subscribe(listener, bytes("a")))).isEqualTo("subscribe a 1");
        assertThat(text(subscribers.subscribe(listener, bytes("b")))).isEqualTo("subscribe b 2");

        publish("a", "once");

        assertThat(listener.told).containsExactly("message a once");
        assertThat(listener.channels).isEqualTo(2);
    }

    @Test
    void unsubscribe_fromOne_leavesTheOthers() {
        subscribers.subscribe(listener, bytes("a"));
        subscribers.subscribe(listener, bytes("b"));
        byPrefix(listener, "c*", "c");

        assertThat(text(subscribers.unsubscribe(listener, bytes("a")))).isEqualTo("unsubscribe a 2");
        assertThat(text(subscribers.unsubscribePattern(listener, bytes("c*")))).isEqualTo("punsubscribe c* 1");
        publish("a", "1");
        publish("b", "2");
        publish("c", "3");

        assertThat(listener.told).containsExactly("message b 2");
        assertThat(subscribers.channels()).containsExactly(bytes("b"));
        assertThat(subscribers.patterns()).isZero();
    }

    @Test
    void unsubscribeAll_withoutSubscriptions_confirmsOnce() {
        assertThat(subscribers.unsubscribeAll(listener))
                .singleElement()
                .satisfies(reply -> assertThat(text((Reply.Push) reply)).isEqualTo("unsubscribe Null 0"));
    }

    @Test
    void unsubscribeAll_ofChannels_leavesPatterns() {
        subscribers.subscribe(listener, bytes("a"));
        subscribers.subscribe(listener, bytes("b"));
        byPrefix(listener, "*", "");

        assertThat(subscribers.unsubscribeAll(listener))
                .extracting(reply -> text((Reply.Push) reply))
                .containsExactly("unsubscribe a 2", "unsubscribe b 1");
        assertThat(listener.patterns).isEqualTo(1);
    }

    @Test
    void gone_withSubscriptions_leavesNothingBehind() {
        subscribers.subscribe(listener, bytes("a"));
        byPrefix(listener, "*", "");
        subscribers.subscribe(other, bytes("a"));

        subscribers.gone(listener);
        publish("a", "later");

        assertThat(listener.told).isEmpty();
        assertThat(other.told).containsExactly("message a later");
        assertThat(subscribers.listening(bytes("a"))).isEqualTo(1);
        assertThat(subscribers.patterns()).isZero();
    }

    @Test
    void hasRoomFor_withSubscriptions_isWhatIsLeft() {
        subscribers.subscribe(listener, bytes("a"));
        List<Bytes> most = Collections.nCopies(Subscribers.SUBSCRIPTIONS_MAX, bytes("b"));

        assertThat(subscribers.hasRoomFor(listener, most)).isFalse();
        assertThat(subscribers.hasRoomFor(listener, most.subList(1, most.size())))
                .isTrue();
        assertThat(subscribers.hasRoomFor(other, most)).isTrue();
    }

    @Test
    void hasRoomFor_longNames_countsTheirBytesUntilTheyAreLeft() {
        Bytes quarter = Bytes.wrap(new byte[(int) (Subscribers.NAMES_BYTES_MAX / 4)]);
        List<Bytes> most = Collections.nCopies(4, quarter);
        assertThat(subscribers.hasRoomFor(listener, most)).isTrue();

        subscribers.subscribe(listener, quarter);
        subscribers.subscribe(listener, quarter);
        assertThat(subscribers.hasRoomFor(listener, most)).isFalse();
        assertThat(subscribers.hasRoomFor(listener, most.subList(1, 4))).isTrue();

        subscribers.unsubscribe(listener, quarter);
        subscribers.unsubscribe(listener, quarter);
        assertThat(subscribers.hasRoomFor(listener, most)).isTrue();
    }
}
