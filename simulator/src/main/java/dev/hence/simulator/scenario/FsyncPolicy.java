package dev.hence.simulator.scenario;

/** When a node forces what it wrote to its disk. */
public enum FsyncPolicy {
    /** Before it answers a write or lets anybody see it. */
    ALWAYS,
    /** Once a second. */
    EVERYSEC,
    /** When the operating system sees fit. */
    NEVER
}
