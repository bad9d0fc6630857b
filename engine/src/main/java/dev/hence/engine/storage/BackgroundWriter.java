package dev.hence.engine.storage;

import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that writes changed rows to the database when it is woken. If that fails, it ends: every later use of the rows
 * finds out.
 *
 * <p>Thread-safe.
 */
final class BackgroundWriter implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BackgroundWriter.class);

    private final Runnable write;
    private final Thread thread;
    private volatile boolean closed;

    BackgroundWriter(Runnable write) {
        this.write = write;
        this.thread = Thread.ofPlatform().daemon().name("hence-rows").unstarted(this::loop);
    }

    void start() {
        thread.start();
    }

    /** Makes it write once more, soon. */
    void wake() {
        LockSupport.unpark(thread);
    }

    private void loop() {
        LockSupport.park(this);
        while (!closed) {
            try {
                write.run();
            } catch (RuntimeException failed) {
                log.error("rows are not written to the database any more: {}", failed.toString());
                return;
            }
            LockSupport.park(this);
        }
    }

    /** Ends the thread when it has done what it does now. */
    @Override
    public void close() {
        closed = true;
        wake();
    }
}
