package dev.hence.engine.storage;

/** The policy for when a committed write is forced to the disk. */
public enum FsyncPolicy {
    /** Before it is acknowledged: it survives a power loss. Writes that arrive together share one fsync. */
    ALWAYS,
    /** Once a second: a power loss may lose the last second, a crash of the process loses nothing. */
    EVERYSEC,
    /** Left to the operating system: a crash of the process loses nothing. */
    NEVER
}
