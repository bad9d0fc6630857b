package dev.hence.server.runtime;

import dev.hence.core.replica.Replica;
import dev.hence.server.config.FsyncPolicy;
import dev.hence.server.storage.Storage;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;

/**
 * What a writer is made of.
 *
 * @param cache what the replica reads
 * @param wallMillis the wall clock, in milliseconds since 1970
 */
record WriterParts(
        Replica replica,
        WriterCache cache,
        Storage storage,
        Published published,
        RecentUpdates recent,
        UpdateStory story,
        FsyncPolicy fsync,
        LongSupplier wallMillis,
        DiskSpace disk,
        NodeFailure failure,
        MeterRegistry meters) {}
