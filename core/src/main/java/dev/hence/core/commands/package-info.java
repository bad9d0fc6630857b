/**
 * The commands on each type of key, as functions of a view or a transaction: one file for each type. Types, deadlines
 * and emptied keys are handled here; the effect of a write on every replica is decided below, in {@link
 * dev.hence.core.keyspace.StateOverlay}.
 *
 * <p>Start reading at {@link dev.hence.core.commands.Keys}.
 */
@NullMarked
package dev.hence.core.commands;

import org.jspecify.annotations.NullMarked;
