package dev.hence.benchmarks.compare;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** The machine, and how busy it is with other things than this benchmark. */
final class Machine {

    private final long startNanos = System.nanoTime();
    private final long startBusyMicros;
    private final long startOwnMicros;

    private Machine(long busyMicros, long ownMicros) {
        this.startBusyMicros = busyMicros;
        this.startOwnMicros = ownMicros;
    }

    /** One line for the head of a report. */
    static String describe() {
        return String.format(
                Locale.ROOT,
                "%d cores, %s, load average %.1f before the start",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.version"),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    static Machine observe(Servers servers) throws IOException {
        return new Machine(ProcessTimes.machineBusyMicros(), ownMicros(servers));
    }

    /**
     * The share of all cores that was used by others since the observation began, in percent. Figures of a test with
     * more than a few percent are disturbed.
     */
    double othersPercent(Servers servers) throws IOException {
        double capacityMicros =
                (System.nanoTime() - startNanos) / 1e3 * Runtime.getRuntime().availableProcessors();
        long busyMicros = ProcessTimes.machineBusyMicros() - startBusyMicros;
        long ownMicros = ownMicros(servers) - startOwnMicros;
        return Math.max(0, 100.0 * (busyMicros - ownMicros) / capacityMicros);
    }

    /** The load generators are children of this process that have ended. */
    private static long ownMicros(Servers servers) throws IOException {
        return servers.cpuMicros()
                + ProcessTimes.cpuMicros(ProcessHandle.current().pid());
    }
}
