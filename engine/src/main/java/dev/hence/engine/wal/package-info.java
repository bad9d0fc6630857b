/**
 * Checks the write-ahead log of a RocksDB of an earlier format before RocksDB opens it, to distinguish a log that ends in a torn record from a
 * damaged one. In both cases RocksDB drops what follows the first bad record, and deletes it.
 *
 * <p>Start reading at {@link dev.hence.engine.wal.WriteAheadLogCheck}.
 */
@NullMarked
package dev.hence.engine.wal;

import org.jspecify.annotations.NullMarked;
