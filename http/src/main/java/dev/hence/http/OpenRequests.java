package dev.hence.http;

import dev.hence.http.exchange.ResponseStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The requests in progress, so that a node that shuts down can let them finish.
 *
 * <p>Thread-safe.
 */
final class OpenRequests {

    private final AtomicInteger open = new AtomicInteger();
    private final Set<ResponseStream> streams = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition noneLeft = lock.newCondition();
    private volatile boolean closing;

    /** Whether new requests are to be refused. */
    boolean closing() {
        return closing;
    }

    int count() {
        return open.get();
    }

    int streamCount() {
        return streams.size();
    }

    void begin() {
        open.incrementAndGet();
    }

    void end() {
        if (open.decrementAndGet() == 0 && closing) {
            lock.lock();
            try {
                noneLeft.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    void begin(ResponseStream stream) {
        streams.add(stream);
        if (closing) {
            stream.end();
        }
    }

    void end(ResponseStream stream) {
        streams.remove(stream);
    }

    /**
     * Refuses new requests, ends streams, and waits for the rest.
     *
     * @return whether all have ended
     */
    boolean drain(Duration atMost) throws InterruptedException {
        closing = true;
        streams.forEach(ResponseStream::end);
        long leftNanos = atMost.toNanos();
        lock.lock();
        try {
            while (open.get() > 0 && leftNanos > 0) {
                leftNanos = noneLeft.awaitNanos(leftNanos);
            }
            return open.get() == 0;
        } finally {
            lock.unlock();
        }
    }
}
