package dev.hence.benchmarks.compare;

import java.util.Locale;

/** When writes reach the disk; the texts are those of both systems' settings. */
enum Policy {
    EVERYSEC,
    ALWAYS;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
