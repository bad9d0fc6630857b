/** Tests of the package of this name. */
@NullMarked
package dev.hence.cli.terminal;

import org.jspecify.annotations.NullMarked;
