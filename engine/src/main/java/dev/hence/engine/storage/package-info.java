/**
 * Keeps a replica's state, its update log and its clock on disk, and finds out at the start what {@link
 * dev.hence.core.replica.IdentityRule} needs to know: whether what is there may be continued under the same
 * identity.
 *
 * <p>Start reading at {@link dev.hence.engine.storage.Storage}; the layout on disk is described in {@link
 * dev.hence.engine.storage.RocksStorage}.
 */
@NullMarked
package dev.hence.engine.storage;

import org.jspecify.annotations.NullMarked;
