/**
 * How the storage's own small files get on the disk and stay there.
 *
 * <p>Start reading at {@link dev.hence.engine.disk.DurableFiles}.
 */
@NullMarked
package dev.hence.engine.disk;

import org.jspecify.annotations.NullMarked;
