package dev.hence.redis.connection;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.node.memory.MemoryBudget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What a thread that must not wait for the client may do, and what it has to leave to another. */
final class OutputTest {

    private static final Reply.Push MESSAGE = new Reply.Push(List.of(Reply.of("m")));
    private static final String MESSAGE_TEXT = "*1\r\n$1\r\nm\r\n";

    private final Sent sent = new Sent();
    private final Output output = new Output(sent, new UnreadMessages(MemoryBudget.SMALL_BYTES), () -> {
        throw new AssertionError("too much unread");
    });

    /** What was sent; the first write may be made to wait. */
    private static final class Sent extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CountDownLatch mayWrite = new CountDownLatch(1);
        private boolean waits;

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] from, int at, int length) throws IOException {
            if (waits) {
                try {
                    mayWrite.await();
                } catch (InterruptedException interrupted) {
                    throw new IOException(interrupted);
                }
            }
            synchronized (bytes) {
                bytes.write(from, at, length);
            }
        }

        private String text() {
            synchronized (bytes) {
                return bytes.toString(StandardCharsets.US_ASCII);
            }
        }
    }

    @Test
    void tryEnd_repliesAreKept_goesOnAnsweringAndHoldsMessagesBack() throws Exception {
        assertThat(output.tryBegin()).isTrue();
        output.reply(Reply.OK);
        assertThat(output.tryEnd(() -> true)).isFalse();
        output.push(MESSAGE);

        assertThat(sent.text()).isEqualTo("+OK\r\n");
        output.end();
        assertThat(sent.text()).isEqualTo("+OK\r\n" + MESSAGE_TEXT);
    }

    @Test
    void tryEnd_messageWasHeldBack_leavesItToEnd() throws Exception {
        assertThat(output.tryBegin()).isTrue();
        output.push(MESSAGE);
        output.reply(Reply.OK);
        assertThat(output.tryEnd(() -> false)).isFalse();

        output.end();
        assertThat(sent.text()).isEqualTo("+OK\r\n" + MESSAGE_TEXT);
    }

    @Test
    void tryEnd_nothingLeft_messagesAreSentAgain() throws Exception {
        assertThat(output.tryBegin()).isTrue();
        output.reply(Reply.OK);
        assertThat(output.tryEnd(() -> false)).isTrue();
        output.push(MESSAGE);

        eventually("the message is sent", () -> sent.text().equals("+OK\r\n" + MESSAGE_TEXT));
    }

    @Test
    void tryBegin_whileAMessageIsSent_doesNotWait() throws Exception {
        sent.waits = true;
        output.push(MESSAGE);
        assertThat(output.tryBegin()).isFalse();

        sent.mayWrite.countDown();
        output.begin();
        output.end();
        assertThat(sent.text()).isEqualTo(MESSAGE_TEXT);
    }
}
