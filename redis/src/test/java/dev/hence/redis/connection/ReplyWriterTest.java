package dev.hence.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ReplyWriterTest {

    private static String written(Reply reply, int version) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ReplyWriter writer = new ReplyWriter(out);
        writer.write(reply, version);
        writer.flush();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void isWritten(Reply reply, String version2, String version3) throws IOException {
        assertThat(written(reply, 2)).isEqualTo(version2);
        assertThat(written(reply, 3)).isEqualTo(version3);
    }

    @Test
    void write_eachType_asEachVersionHasIt() throws IOException {
        isWritten(Reply.OK, "+OK\r\n", "+OK\r\n");
        isWritten(Reply.QUEUED, "+QUEUED\r\n", "+QUEUED\r\n");
        isWritten(new Reply.Simple("RESET"), "+RESET\r\n", "+RESET\r\n");
        isWritten(new Reply.Failure("ERR no"), "-ERR no\r\n", "-ERR no\r\n");
        isWritten(Reply.of("a\r\nb"), "$4\r\na\r\nb\r\n", "$4\r\na\r\nb\r\n");
        isWritten(Reply.NULL, "$-1\r\n", "_\r\n");
        isWritten(Reply.NULL_ARRAY, "*-1\r\n", "_\r\n");
        isWritten(new Reply.Real(3.5), "$3\r\n3.5\r\n", ",3.5\r\n");
        isWritten(new Reply.Bool(true), ":1\r\n", "#t\r\n");
        isWritten(new Reply.Bool(false), ":0\r\n", "#f\r\n");
        isWritten(new Reply.Verbatim("hi"), "$2\r\nhi\r\n", "=6\r\ntxt:hi\r\n");
        isWritten(new Reply.Array(List.of(Reply.ONE, Reply.NULL)), "*2\r\n:1\r\n$-1\r\n", "*2\r\n:1\r\n_\r\n");
        isWritten(new Reply.SetOf(List.of(Reply.ONE)), "*1\r\n:1\r\n", "~1\r\n:1\r\n");
        isWritten(new Reply.Push(List.of(Reply.ONE)), "*1\r\n:1\r\n", ">1\r\n:1\r\n");
        isWritten(
                new Reply.MapOf(List.of(Reply.of("k"), Reply.ONE)),
                "*2\r\n$1\r\nk\r\n:1\r\n",
                "%1\r\n$1\r\nk\r\n:1\r\n");
        isWritten(new Reply.Several(List.of(Reply.ONE, Reply.ZERO)), ":1\r\n:0\r\n", ":1\r\n:0\r\n");
    }

    @Test
    void write_wholeNumbers_exactAtTheEnds() throws IOException {
        for (long number :
                new long[] {0, 9, 10, 99, 100, -1, -10, 1_234_567_890_123L, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThat(written(Reply.of(number), 2)).isEqualTo(":" + number + "\r\n");
        }
    }

    @Test
    void write_lineBreakInAnError_doesNotEndIt() throws IOException {
        assertThat(written(new Reply.Failure("ERR a\r\n+OK"), 2)).isEqualTo("-ERR a  +OK\r\n");
    }

    @Test
    void write_moreThanTheBufferHolds_allOfItInOrder() throws IOException {
        Bytes large = Bytes.wrap(new byte[100_000]);
        Bytes medium = Bytes.wrap(new byte[40_000]);
        List<Reply> elements = Collections.nCopies(3, new Reply.Array(List.of(Reply.of(medium), Reply.of(large))));
        String each = "*2\r\n$40000\r\n" + medium + "\r\n$100000\r\n" + large + "\r\n";

        assertThat(written(new Reply.Array(elements), 2)).isEqualTo("*3\r\n" + each.repeat(3));
    }

    @Test
    void text_doubles_asRedisPrintsThem() {
        assertThat(List.of(3.0, 3.14, -0.5, 0.1 + 0.2, 1e15, 1e25, 1.5e300, 1e-5, 1e-10, 123456789.125))
                .extracting(Doubles::text)
                .containsExactly(
                        "3",
                        "3.14",
                        "-0.5",
                        "0.30000000000000004",
                        "1000000000000000",
                        "1e+25",
                        "1.5e+300",
                        "0.00001",
                        "1e-10",
                        "123456789.125");
        assertThat(Doubles.text(Double.POSITIVE_INFINITY)).isEqualTo("inf");
        assertThat(Doubles.text(Double.NEGATIVE_INFINITY)).isEqualTo("-inf");
        assertThat(Doubles.text(Double.NaN)).isEqualTo("nan");
        assertThat(Doubles.text(0.0)).isEqualTo("0");
        assertThat(Doubles.text(-0.0)).isEqualTo("-0");
    }

    @Test
    void text_anyDouble_readBackIsTheSame() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 100_000; i++) {
            double number = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(number)) {
                assertThat(Double.parseDouble(Doubles.text(number))).isEqualTo(number);
            }
        }
    }

    @Test
    void write_largeValue_goesOutInPartsSoThatASlowReaderIsSeenToRead() throws IOException {
        List<Integer> parts = new ArrayList<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] bytes, int from, int length) {
                parts.add(length);
                super.write(bytes, from, length);
            }
        };
        String value = "x".repeat(1_000_000);
        ReplyWriter writer = new ReplyWriter(out);
        writer.write(Reply.of(value), 2);
        writer.flush();

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("$1000000\r\n" + value + "\r\n");
        assertThat(parts).allMatch(bytes -> bytes <= 64 << 10);
    }
}
