/**
 * Logical time: who wrote ({@link dev.hence.core.clock.ReplicaId}), which update that was ({@link
 * dev.hence.core.clock.Dot}), what had been seen ({@link dev.hence.core.clock.VersionVector}) and a
 * timestamp that breaks ties between concurrent writes ({@link
 * dev.hence.core.clock.HybridLogicalClock}). Everything else in the core is said in these terms.
 *
 * <p>Start reading at {@link dev.hence.core.clock.VersionVector}.
 */
@NullMarked
package dev.hence.core.clock;

import org.jspecify.annotations.NullMarked;
