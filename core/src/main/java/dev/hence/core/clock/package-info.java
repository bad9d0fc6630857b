/**
 * Logical time: the writer ({@link dev.hence.core.clock.ReplicaId}), the name of an update ({@link
 * dev.hence.core.clock.Dot}), the set of updates seen ({@link dev.hence.core.clock.VersionVector}) and a timestamp that
 * breaks ties between concurrent writes ({@link dev.hence.core.clock.HybridLogicalClock}). The rest of the core is
 * built on these types.
 *
 * <p>Start reading at {@link dev.hence.core.clock.VersionVector}.
 */
@NullMarked
package dev.hence.core.clock;

import org.jspecify.annotations.NullMarked;
