/**
 * {@code hence simulate}: runs the simulator, shows how far it is, and explains what it finds.
 *
 * <p>Start reading at {@link dev.hence.cli.simulate.SimulateCommand}.
 */
@NullMarked
package dev.hence.cli.simulate;

import org.jspecify.annotations.NullMarked;
