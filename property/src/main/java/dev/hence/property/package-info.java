/**
 * Property testing: a statement is tried on random traces, and a trace for which it does not hold is made as small as
 * it gets. The tests of the core and the simulator share it. {@link dev.hence.property.Eventually} waits for what real
 * threads bring about.
 *
 * <p>Start reading at {@link dev.hence.property.Property}.
 */
@NullMarked
package dev.hence.property;

import org.jspecify.annotations.NullMarked;
