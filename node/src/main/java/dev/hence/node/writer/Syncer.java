package dev.hence.node.writer;

import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.engine.storage.Storage;
import dev.hence.node.failure.NodeFailure;
import dev.hence.node.visibility.VisibleClock;
import java.util.concurrent.TimeUnit;

/**
 * Syncs committed writes to disk: on request, and once per second with fsync policy {@code everysec}.
 *
 * <p>After a failed sync, a later successful one gives no guarantee for earlier writes: the node has then failed.
 *
 * <p>Thread-safe.
 */
public final class Syncer implements AutoCloseable {

    private static final String THREAD = "hence-syncer";

    private final Storage storage;
    private final VisibleClock published;
    private final FsyncPolicy fsync;
    private final NodeFailure failure;
    private final Thread thread;

    public Syncer(Storage storage, VisibleClock published, FsyncPolicy fsync, NodeFailure failure) {
        this.storage = storage;
        this.published = published;
        this.fsync = fsync;
        this.failure = failure;
        this.thread = Thread.ofPlatform().daemon().name(THREAD).unstarted(failure.unlessItFails(THREAD, this::loop));
    }

    public void start() {
        if (fsync == FsyncPolicy.EVERYSEC) {
            thread.start();
        }
    }

    private void loop() {
        try {
            while (true) {
                syncIfNeeded();
                TimeUnit.SECONDS.sleep(1);
            }
        } catch (InterruptedException closed) {
            syncIfNeeded();
        }
    }

    private void syncIfNeeded() {
        VisibleClock.View view = published.view();
        if (!view.durable().equals(view.clock())) {
            sync();
        }
    }

    /**
     * Forces all published updates to the disk, whatever the fsync policy.
     *
     * @throws dev.hence.engine.storage.StorageException if that fails; the node has then failed
     */
    public void sync() {
        // Read before the sync: commits during the sync may not be part of it.
        VisibleClock.View view = published.view();
        try {
            storage.sync();
        } catch (RuntimeException | Error failed) {
            failure.fail("sync", failed);
            throw failed;
        }
        published.synced(view.clock());
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
