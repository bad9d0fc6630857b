package dev.hence.server.runtime;

import dev.hence.server.storage.Storage;
import dev.hence.server.storage.StorageException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forces committed writes to the disk once a second, for fsync policy {@code everysec}. */
final class Syncer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Syncer.class);

    private final Storage storage;
    private final Published published;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("hence-syncer").unstarted(this::loop);

    Syncer(Storage storage, Published published) {
        this.storage = storage;
        this.published = published;
    }

    void start() {
        thread.start();
    }

    private void loop() {
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(1);
                sync();
            }
        } catch (InterruptedException closed) {
            sync();
        }
    }

    private void sync() {
        // Read before the sync: what is committed meanwhile may not be part of it.
        Published.View view = published.view();
        if (view.durable().equals(view.clock())) {
            return;
        }
        try {
            storage.sync();
            published.synced(view.clock());
        } catch (StorageException failed) {
            log.error("Writes could not be forced to the disk; they survive a crash of this process only", failed);
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
