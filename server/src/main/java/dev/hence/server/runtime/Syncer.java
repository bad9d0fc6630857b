package dev.hence.server.runtime;

import dev.hence.server.storage.Storage;
import dev.hence.server.storage.StorageException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forces committed writes to the disk once a second, for fsync policy {@code everysec}. */
final class Syncer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Syncer.class);

    private final Storage storage;
    private final Published published;
    private final Consumer<StorageException> onFailure;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("hence-syncer").unstarted(this::loop);

    /** @param onFailure is told of the failure after which this stops */
    Syncer(Storage storage, Published published, Consumer<StorageException> onFailure) {
        this.storage = storage;
        this.published = published;
        this.onFailure = onFailure;
    }

    void start() {
        thread.start();
    }

    private void loop() {
        try {
            while (sync()) {
                TimeUnit.SECONDS.sleep(1);
            }
        } catch (InterruptedException closed) {
            sync();
        }
    }

    /** Whether it can go on: after a sync that failed, one that succeeds says nothing of what came before. */
    private boolean sync() {
        // Read before the sync: what is committed meanwhile may not be part of it.
        Published.View view = published.view();
        if (view.durable().equals(view.clock())) {
            return true;
        }
        try {
            storage.sync();
            published.synced(view.clock());
            return true;
        } catch (StorageException failed) {
            log.error("Writes could not be forced to the disk; they survive a crash of this process only", failed);
            onFailure.accept(failed);
            return false;
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
