/**
 * What a key can hold, as pure functions of updates: each takes the state before and answers with the
 * state after, and does the same at every replica.
 *
 * <p>All of them decide with one question: <em>is that entry's dot in this update's context?</em> What
 * an update's origin had seen is replaced or removed; what was concurrent stays. No tombstones are
 * needed, because causal delivery never brings an entry after an update that had seen it.
 *
 * <p>Start reading at {@link dev.hence.core.crdt.MvRegister}.
 */
@NullMarked
package dev.hence.core.crdt;

import org.jspecify.annotations.NullMarked;
