package dev.hence.server;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import java.lang.management.ManagementFactory;

/** The CPU time of the process in seconds, in place of Micrometer's own counter, which is in nanoseconds. */
final class ProcessorTime {

    private static final double NANOS_PER_SECOND = 1e9;

    private ProcessorTime() {}

    /** To be called before any other meter is registered: the filter is for those that come later. */
    static void register(MeterRegistry meters) {
        meters.config().meterFilter(MeterFilter.deny(id -> id.getName().equals("process.cpu.time")));
        FunctionCounter.builder(
                        "process.cpu",
                        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class),
                        system -> system.getProcessCpuTime() / NANOS_PER_SECOND)
                .baseUnit("seconds")
                .description("CPU time used by the process")
                .register(meters);
    }
}
