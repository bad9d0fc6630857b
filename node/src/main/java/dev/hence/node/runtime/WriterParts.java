package dev.hence.node.runtime;

import dev.hence.core.replica.Replica;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.engine.storage.Storage;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * What a writer is made of.
 *
 * @param cache what the replica reads
 * @param clocks the wall clock
 */
record WriterParts(
        Replica replica,
        WriterCache cache,
        Storage storage,
        VisibleClock published,
        RecentUpdates recent,
        UpdateLogger story,
        FsyncPolicy fsync,
        ClockWatch clocks,
        DiskSpace disk,
        NodeFailure failure,
        MeterRegistry meters) {}
