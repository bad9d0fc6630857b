package dev.hence.benchmarks.compare;

/** A quantity that is measured: its name, its unit, and which direction is better. */
enum Measure {
    CPU_ALL("CPU us/request, all servers", Better.LOWER),
    CPU_ORIGIN("CPU us/request, origin", Better.LOWER),
    CPU_FOLLOWER_1("CPU us/request, follower 1", Better.LOWER),
    CPU_FOLLOWER_2("CPU us/request, follower 2", Better.LOWER),
    THROUGHPUT("requests/s", Better.HIGHER),
    P50("p50 ms", Better.LOWER),
    P99("p99 ms", Better.LOWER),
    P999("p99.9 ms", Better.LOWER),
    ALLOCATED("allocated bytes/request, origin", Better.LOWER),
    RESIDENT("resident MiB, mean of the servers", Better.LOWER),
    WRITE_RATE("writes/s in the background", Better.HIGHER),
    CATCH_UP_RATE("updates/s", Better.HIGHER),
    CATCH_UP_CPU("CPU us/update, all servers", Better.LOWER),
    SECONDS("seconds", Better.LOWER),
    CPU_SECONDS("CPU seconds", Better.LOWER),
    OTHERS("CPU used by others, percent", Better.NEITHER);

    /** Which of two values is better. */
    enum Better {
        LOWER,
        HIGHER,
        NEITHER
    }

    private final String label;
    private final Better better;

    Measure(String label, Better better) {
        this.label = label;
        this.better = better;
    }

    String label() {
        return label;
    }

    /** How many times better one value is than another; NaN if that has no meaning. */
    double ratio(double value, double other) {
        return switch (better) {
            case LOWER -> value > 0 ? other / value : Double.NaN;
            case HIGHER -> other > 0 ? value / other : Double.NaN;
            case NEITHER -> Double.NaN;
        };
    }
}
