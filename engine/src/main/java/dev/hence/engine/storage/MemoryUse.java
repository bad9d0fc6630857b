package dev.hence.engine.storage;

/**
 * What the parts of a storage take in memory, in bytes.
 *
 * @param rows rows in memory with their index and the order of collections, those included that are not in the database yet
 * @param rowsMax the limit of it without the index
 * @param dirtyRows rows that are not in the database yet
 * @param logTail the newest frames of the log
 * @param memtables rows that the database has not written to files yet; not on the heap
 * @param blocks the database's cache of blocks of its files; not on the heap
 */
public record MemoryUse(long rows, long rowsMax, long dirtyRows, long logTail, long memtables, long blocks) {}
