/**
 * The datatypes of keys, as pure functions of updates: each takes the state before an update and returns the state
 * after it, identically at every replica.
 *
 * <p>All of them decide with one question: <em>is that entry's dot in this update's context?</em> Entries that the
 * update's origin had seen are replaced or removed; concurrent ones stay. No tombstones are needed, because causal
 * delivery never delivers an entry after an update that had seen it.
 *
 * <p>Start reading at {@link dev.hence.core.crdt.MvRegister}.
 */
@NullMarked
package dev.hence.core.crdt;

import org.jspecify.annotations.NullMarked;
