/**
 * Rows in memory: encoded rows in pages of bytes, which cost the garbage collector nothing, found without a lock.
 *
 * <p>Start reading at {@link dev.hence.engine.rows.RowTable}.
 */
@NullMarked
package dev.hence.engine.rows;

import org.jspecify.annotations.NullMarked;
