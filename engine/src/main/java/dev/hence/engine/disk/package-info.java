/**
 * Durable changes to the storage's own small files.
 *
 * <p>Start reading at {@link dev.hence.engine.disk.DurableFiles}.
 */
@NullMarked
package dev.hence.engine.disk;

import org.jspecify.annotations.NullMarked;
