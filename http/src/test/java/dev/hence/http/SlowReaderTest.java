package dev.hence.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.VersionVector;
import dev.hence.http.exchange.Answer;
import dev.hence.http.exchange.Route;
import dev.hence.property.Eventually;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gigabyte through a reader that pauses: back-pressure must neither corrupt the data nor let it accumulate in memory.
 * (Another server lost bytes exactly here.)
 */
@Timeout(120)
final class SlowReaderTest {

    private static final long BYTES = 1L << 30;
    private static final long PAUSE_EVERY_BYTES = 128L << 20;
    private static final long PAUSE_MILLIS = 150;
    private static final long HEAP_GROWTH_BYTES_MAX = 192L << 20;

    @TempDir
    Path data;

    /** The next of an endless sequence of chunks that differ in length and content. */
    private static final class Chunks {
        private final byte[] chunk = new byte[100_003];
        private long state = 1;

        int fill() {
            state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
            int length = (int) ((state >>> 33) % chunk.length) + 1;
            for (int i = 0; i + 8 <= length; i += 512) {
                chunk[i] = (byte) (state >>> (i >>> 9 & 31));
            }
            return length;
        }
    }

    @Test
    void stream_slowReader_getsEveryByteWithinBoundedMemory() throws Exception {
        CompletableFuture<Long> sentChecksum = new CompletableFuture<>();
        long[] heapPeak = {0};
        Route large = Route.of(
                Route.Method.GET,
                "/test/large",
                "Send a gigabyte",
                exchange -> Answer.streamed(VersionVector.EMPTY, "application/octet-stream", output -> {
                    Chunks chunks = new Chunks();
                    Checksum sent = new CRC32C();
                    for (long left = BYTES; left > 0; ) {
                        int length = (int) Math.min(left, chunks.fill());
                        sent.update(chunks.chunk, 0, length);
                        output.write(chunks.chunk, 0, length);
                        left -= length;
                    }
                    sentChecksum.complete(sent.getValue());
                }));
        try (TestNode node = TestNode.at(data).further(large).start()) {
            System.gc();
            long heapBefore = heapUsed();
            HttpResponse<InputStream> answer = node.client.send(
                    HttpRequest.newBuilder(node.uri("/test/large")).build(), BodyHandlers.ofInputStream());
            Checksum received = new CRC32C();
            long count = 0;
            long nextPause = PAUSE_EVERY_BYTES;
            try (InputStream body = answer.body()) {
                byte[] buffer = new byte[64 << 10];
                for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                    received.update(buffer, 0, read);
                    count += read;
                    if (count >= nextPause) {
                        nextPause += PAUSE_EVERY_BYTES;
                        // The pause is under test: the sender has to block meanwhile.
                        Thread.sleep(PAUSE_MILLIS);
                        System.gc();
                        heapPeak[0] = Math.max(heapPeak[0], heapUsed());
                    }
                }
            }
            assertThat(count).isEqualTo(BYTES);
            assertThat(received.getValue()).isEqualTo(sentChecksum.get(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS));
            assertThat(heapPeak[0] - heapBefore).isLessThan(HEAP_GROWTH_BYTES_MAX);
        }
    }

    private static long heapUsed() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
