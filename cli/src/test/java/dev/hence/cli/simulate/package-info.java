/** Tests of the package of this name. */
@NullMarked
package dev.hence.cli.simulate;

import org.jspecify.annotations.NullMarked;
