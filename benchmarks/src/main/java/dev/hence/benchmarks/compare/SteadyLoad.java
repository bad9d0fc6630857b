package dev.hence.benchmarks.compare;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * SETs at a fixed rate, or at the rate that the server reaches: each millisecond, one thread sends what is due, and
 * another reads the replies.
 */
final class SteadyLoad implements AutoCloseable {

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final RespConnection connection;
    private final int rate;
    private final int keys;
    private final String value;
    private final long startNanos = System.nanoTime();
    private final AtomicLong answered = new AtomicLong();
    private volatile boolean stopped;
    private volatile @Nullable String failure;

    private SteadyLoad(RespConnection connection, int rate, Options options) {
        this.connection = connection;
        this.rate = rate;
        this.keys = options.keys;
        this.value = "x".repeat(options.valueBytes);
    }

    static SteadyLoad start(int port, int rate, Options options) throws IOException {
        SteadyLoad load = new SteadyLoad(new RespConnection(port), rate, options);
        Thread.ofPlatform().daemon().start(load::send);
        Thread.ofPlatform().daemon().start(load::read);
        return load;
    }

    private void send() {
        long sent = 0;
        ByteArrayOutputStream buffer = new ByteArrayOutputStream();
        try {
            while (!stopped) {
                long due = (long) ((System.nanoTime() - startNanos) / 1e9 * rate) - sent;
                for (; due > 0 && !stopped; due--, sent++) {
                    String key = "key:" + ThreadLocalRandom.current().nextInt(keys);
                    buffer.writeBytes(RespConnection.request("SET", key, value));
                }
                connection.send(buffer.toByteArray());
                buffer.reset();
                LockSupport.parkNanos(TICK_NANOS);
            }
        } catch (IOException broken) {
            fail(broken.toString());
        }
    }

    private void read() {
        try {
            while (!stopped) {
                String reply = connection.reply();
                if (!reply.equals("OK")) {
                    fail(reply);
                    return;
                }
                answered.incrementAndGet();
            }
        } catch (IOException broken) {
            fail(broken.toString());
        }
    }

    private void fail(String message) {
        if (!stopped) {
            failure = message;
        }
    }

    /** The rate that was reached since the start; fails if a write was refused. */
    double writesPerSecond() throws BenchmarkException {
        if (failure != null) {
            throw new BenchmarkException("a write of the background load failed: " + failure);
        }
        return answered.get() / ((System.nanoTime() - startNanos) / 1e9);
    }

    @Override
    public void close() throws IOException {
        stopped = true;
        connection.close();
    }
}
