/**
 * How the storage's own small files get on the disk and stay there.
 *
 * <p>Start reading at {@link dev.hence.server.storage.disk.DurableFiles}.
 */
@NullMarked
package dev.hence.server.storage.disk;

import org.jspecify.annotations.NullMarked;
