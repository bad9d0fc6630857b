package dev.hence.benchmarks.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux says about a process. */
final class ProcessTimes {

    /** The unit of times in {@code /proc}, which is the same on all machines that a JVM runs on. */
    private static final long TICK_MICROS = 10_000;

    /** The fields of {@code /proc/PID/stat} after the name in parentheses start with the third. */
    private static final int FIRST_FIELD = 3;

    private static final int USER = 14 - FIRST_FIELD;
    private static final int CHILDREN_SYSTEM = 17 - FIRST_FIELD;

    /** The fields of the first line of {@code /proc/stat} that are not idle time, by their positions. */
    private static final List<Integer> BUSY = List.of(1, 2, 3, 6, 7);

    private ProcessTimes() {}

    /** User and system time of a process, and of its children that have ended. */
    static long cpuMicros(long pid) throws IOException {
        return cpuMicros(read("/proc/" + pid + "/stat"));
    }

    static long cpuMicros(String stat) {
        List<String> fields =
                List.of(stat.substring(stat.lastIndexOf(')') + 1).strip().split(" "));
        long ticks = 0;
        for (String field : fields.subList(USER, CHILDREN_SYSTEM + 1)) {
            ticks += Long.parseLong(field);
        }
        return ticks * TICK_MICROS;
    }

    /** The memory of a process that is in RAM. */
    static long residentBytes(long pid) throws IOException {
        for (String line : read("/proc/" + pid + "/status").lines().toList()) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        throw new IOException("/proc/" + pid + "/status: no VmRSS");
    }

    /** The time that all cores together were busy since the machine was started. */
    static long machineBusyMicros() throws IOException {
        return machineBusyMicros(read("/proc/stat"));
    }

    static long machineBusyMicros(String stat) {
        List<String> fields = List.of(stat.lines().findFirst().orElse("").split(" +"));
        return BUSY.stream()
                        .mapToLong(field -> Long.parseLong(fields.get(field)))
                        .sum()
                * TICK_MICROS;
    }

    private static String read(String file) throws IOException {
        return Files.readString(Path.of(file), StandardCharsets.UTF_8);
    }
}
