/**
 * Keeps a replica's state, its update log and its clock on disk, and decides at the start whether what is
 * there may be continued under the same identity.
 *
 * <p>Start reading at {@link dev.hence.server.storage.Storage}; the layout on disk is described in {@link
 * dev.hence.server.storage.RocksStorage}.
 */
@NullMarked
package dev.hence.server.storage;

import org.jspecify.annotations.NullMarked;
