/**
 * {@code hence serve}: runs a node in this process.
 *
 * <p>Start reading at {@link dev.hence.cli.serve.ServeCommand}. Other commands load nothing from here, as
 * what a node is made of takes long to load.
 */
@NullMarked
package dev.hence.cli.serve;

import org.jspecify.annotations.NullMarked;
