package dev.hence.redis.commands;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Resource use of the process for INFO, from the JVM and, where the JVM has no figure, from {@code /proc}. Without
 * {@code /proc} the closest figure of the JVM is used.
 */
final class ProcessUse {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path STAT = Path.of("/proc/self/stat");
    private static final String RESIDENT = "VmRSS:";

    // After the program's name, which is in parentheses and may contain any bytes.
    private static final int USER_TICKS_AT = 11;
    private static final int SYSTEM_TICKS_AT = 12;

    /** The tick rate that Linux reports to processes, regardless of the kernel's own. */
    private static final double TICKS_PER_SECOND = 100;

    private static final double NANOS_PER_SECOND = 1e9;
    private static final long KIBIBYTE = 1_024;

    /** Processor time in seconds. */
    record Cpu(double user, double system) {}

    private ProcessUse() {}

    static MemoryUsage heap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    }

    /** The sum of the peaks of all heap pools: an upper bound of the peak of the whole heap. */
    static long heapPeakBytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(MemoryUsage::getUsed)
                .sum();
    }

    /** The memory of the machine, or of the container if that is less. */
    static long machineBytes() {
        OperatingSystemMXBean system = system();
        return system == null ? Runtime.getRuntime().maxMemory() : system.getTotalMemorySize();
    }

    /** The resident memory of the process: heap, code, threads and the storage's caches. */
    static long residentBytes() {
        for (String line : lines(STATUS)) {
            if (line.startsWith(RESIDENT)) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * KIBIBYTE;
            }
        }
        return heap().getCommitted()
                + ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getCommitted();
    }

    /**
     * The processor time so far. If user and system time are not available separately, all of it counts as user time.
     */
    static Cpu cpu() {
        List<String> stat = lines(STAT);
        if (!stat.isEmpty()) {
            String line = stat.getFirst();
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            return new Cpu(seconds(fields[USER_TICKS_AT]), seconds(fields[SYSTEM_TICKS_AT]));
        }
        OperatingSystemMXBean system = system();
        return new Cpu(system == null ? 0 : system.getProcessCpuTime() / NANOS_PER_SECOND, 0);
    }

    private static double seconds(String ticks) {
        return Long.parseLong(ticks) / TICKS_PER_SECOND;
    }

    /** A human-readable size: {@code 12.34M}. */
    static String human(long bytes) {
        return String.format(Locale.ROOT, "%.2fM", bytes / (double) (KIBIBYTE * KIBIBYTE));
    }

    private static @Nullable OperatingSystemMXBean system() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system ? system : null;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException absent) {
            return List.of();
        }
    }
}
