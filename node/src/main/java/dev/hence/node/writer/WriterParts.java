package dev.hence.node.writer;

import dev.hence.core.replica.Replica;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.engine.storage.Storage;
import dev.hence.node.clocks.ClockWatch;
import dev.hence.node.failure.NodeFailure;
import dev.hence.node.visibility.RecentUpdates;
import dev.hence.node.visibility.VisibleClock;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * The parts of a writer.
 *
 * @param cache read by the replica
 * @param clocks the wall clock
 */
public record WriterParts(
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
