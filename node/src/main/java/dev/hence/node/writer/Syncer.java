package dev.hence.node.writer;

import dev.hence.engine.storage.Storage;
import dev.hence.node.failure.NodeFailure;
import dev.hence.node.visibility.VisibleClock;
import java.util.concurrent.TimeUnit;

/**
 * Syncs committed writes to disk once per second, for fsync policy {@code everysec}.
 *
 * <p>After a failed sync, a later successful one gives no guarantee for earlier writes: the node has then failed.
 */
public final class Syncer implements AutoCloseable {

    private static final String THREAD = "hence-syncer";

    private final Storage storage;
    private final VisibleClock published;
    private final Thread thread;

    public Syncer(Storage storage, VisibleClock published, NodeFailure failure) {
        this.storage = storage;
        this.published = published;
        this.thread = Thread.ofPlatform().daemon().name(THREAD).unstarted(failure.unlessItFails(THREAD, this::loop));
    }

    public void start() {
        thread.start();
    }

    private void loop() {
        try {
            while (true) {
                sync();
                TimeUnit.SECONDS.sleep(1);
            }
        } catch (InterruptedException closed) {
            sync();
        }
    }

    private void sync() {
        // Read before the sync: commits during the sync may not be part of it.
        VisibleClock.View view = published.view();
        if (!view.durable().equals(view.clock())) {
            storage.sync();
            published.synced(view.clock());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
