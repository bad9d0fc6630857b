package dev.hence.simulator.scenario;

/** The policy for when a node forces its writes to the disk. */
public enum FsyncPolicy {
    /** Before it answers a write or publishes it. */
    ALWAYS,
    /** Once a second. */
    EVERYSEC,
    /** Left to the operating system. */
    NEVER
}
