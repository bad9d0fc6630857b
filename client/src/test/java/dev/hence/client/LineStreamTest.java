package dev.hence.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.hence.property.Eventually;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lines come out as they were sent, however they were cut on the way, and no more is asked for than is read. */
@Timeout(Eventually.TEST_SECONDS_MAX)
final class LineStreamTest {

    private final AtomicLong requested = new AtomicLong();
    private final AtomicLong cancelled = new AtomicLong();
    private final LineStream lines = new LineStream(10);

    LineStreamTest() {
        lines.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long pieces) {
                requested.addAndGet(pieces);
            }

            @Override
            public void cancel() {
                cancelled.incrementAndGet();
            }
        });
    }

    private void receive(String... pieces) {
        lines.onNext(List.of(pieces).stream()
                .map(piece -> ByteBuffer.wrap(piece.getBytes(StandardCharsets.UTF_8)))
                .toList());
    }

    private String next() throws IOException, InterruptedException {
        return lines.nextLine(Deadline.in(Eventually.LIMIT)).orElseThrow().toString();
    }

    @Test
    void nextLine_cutAnywhere_isWhole() throws Exception {
        receive("a", "bc\n\nd");
        receive("e");
        receive("f\n");
        lines.onComplete();

        assertThat(List.of(next(), next(), next())).containsExactly("abc", "", "def");
        assertThat(lines.nextLine(Deadline.inNanos(0))).isEmpty();
        assertThat(lines.nextLine(Deadline.inNanos(0))).as("still at the end").isEmpty();
    }

    @Test
    void nextLine_asksForMoreOnlyWhenItNeedsIt() throws Exception {
        receive("a\nb\n");
        assertThat(requested).hasValue(1);

        next();
        next();
        assertThat(requested).hasValue(2);
    }

    @Test
    void nextLine_endsWithinALine_fails() {
        receive("ab");
        lines.onComplete();

        assertThatIOException().isThrownBy(this::next).withMessage("the stream ended in the middle of a line");
    }

    @Test
    void nextLine_longerThanAllowed_fails() {
        receive("0123456789", "0\n");

        assertThatIOException().isThrownBy(this::next).withMessageContaining("more than 10 bytes");
    }

    @Test
    void nextLine_nothingComes_fails() {
        assertThatIOException()
                .isThrownBy(() -> lines.nextLine(Deadline.in(Duration.ofMillis(1))))
                .withMessage("nothing came for too long");
    }

    @Test
    void close_endsTheReaderAndTheConnection() {
        lines.close();

        assertThat(cancelled).hasValue(1);
        assertThatIOException().isThrownBy(this::next).withMessage("closed");
    }
}
