/**
 * Property testing: a statement is tested on random traces, and a failing trace is shrunk. The tests of the core and
 * the simulator share it. {@link dev.hence.property.Eventually} waits for the effects of real threads.
 *
 * <p>Start reading at {@link dev.hence.property.Property}.
 */
@NullMarked
package dev.hence.property;

import org.jspecify.annotations.NullMarked;
