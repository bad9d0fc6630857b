/**
 * Stores a replica's state, its update log and its clock on disk, and determines at startup the input of {@link
 * dev.hence.core.replica.IdentityRule}: whether the storage may be continued under the same identity.
 *
 * <p>Start reading at {@link dev.hence.engine.storage.Storage}; the layout on disk is described in {@link
 * dev.hence.engine.storage.RocksStorage}.
 */
@NullMarked
package dev.hence.engine.storage;

import org.jspecify.annotations.NullMarked;
