package dev.hence.engine.storage;

/** When a committed write is synced to disk. */
public enum FsyncPolicy {
    /** Before it is acknowledged: it survives a power loss. Writes that arrive together share one fsync. */
    ALWAYS,
    /** Once a second: a power loss may take the last second, a crash of the process nothing. */
    EVERYSEC,
    /** When the operating system likes: a crash of the process takes nothing. */
    NEVER
}
