/**
 * Looks at the write-ahead log of RocksDB before RocksDB does, to tell a log that ends in a torn record from a damaged
 * one. RocksDB drops what follows the first bad record in either case, and deletes it.
 *
 * <p>Start reading at {@link dev.hence.engine.wal.LogCheck}.
 */
@NullMarked
package dev.hence.engine.wal;

import org.jspecify.annotations.NullMarked;
