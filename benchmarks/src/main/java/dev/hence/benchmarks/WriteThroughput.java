package dev.hence.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * How many writes one node takes over HTTP: connections that each send {@code PUT /kv/KEY} and wait for the
 * answer, over and over, with values of 64 bytes under a million keys.
 *
 * <p>Plain sockets and hardly any parsing, so that the load generator takes little of the machine.
 */
public final class WriteThroughput {

    private static final int KEYS = 1_000_000;
    private static final String VALUE = "x".repeat(64);
    private static final int NO_CONTENT = 204;

    private WriteThroughput() {}

    /** Arguments: the node's URL, connections (50), seconds (10), seconds of warm-up before (5). */
    public static void main(String[] args) throws Exception {
        URI node = URI.create(args[0]);
        int connections = args.length > 1 ? Integer.parseInt(args[1]) : 50;
        int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 10;
        int warmUpSeconds = args.length > 3 ? Integer.parseInt(args[3]) : 5;
        run(node, connections, warmUpSeconds);
        long startNanos = System.nanoTime();
        long[] nanos = run(node, connections, seconds);
        double elapsedSeconds = (System.nanoTime() - startNanos) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%d connections: %,.0f writes/s   %s%n",
                connections,
                nanos.length / elapsedSeconds,
                Percentiles.of(nanos));
    }

    private static long[] run(URI node, int connections, int seconds) throws InterruptedException, ExecutionException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<long[]>> running = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                running.add(threads.submit(() -> write(node, endNanos)));
            }
            LongStream all = LongStream.empty();
            for (Future<long[]> one : running) {
                all = LongStream.concat(all, LongStream.of(one.get()));
            }
            return all.toArray();
        }
    }

    private static long[] write(URI node, long endNanos) throws IOException {
        LongStream.Builder nanos = LongStream.builder();
        try (Socket socket = new Socket(node.getHost(), node.getPort())) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (long now = System.nanoTime(); now - endNanos < 0; now = System.nanoTime()) {
                out.write(request(node));
                readAnswer(in);
                nanos.add(System.nanoTime() - now);
            }
        }
        return nanos.build().toArray();
    }

    private static byte[] request(URI node) {
        int key = ThreadLocalRandom.current().nextInt(KEYS);
        return ("PUT /kv/key" + key + " HTTP/1.1\r\nHost: " + node.getAuthority() + "\r\nContent-Length: "
                        + VALUE.length() + "\r\n\r\n" + VALUE)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void readAnswer(InputStream in) throws IOException {
        String status = Lines.read(in);
        if (!status.startsWith("HTTP/1.1 " + NO_CONTENT)) {
            throw new IOException("answer: " + status + " (expected: status " + NO_CONTENT + ")");
        }
        while (!Lines.read(in).isEmpty()) {
            // The headers do not matter here.
        }
    }
}
