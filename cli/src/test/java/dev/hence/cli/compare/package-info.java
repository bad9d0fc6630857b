/** Tests of the package of this name. */
@NullMarked
package dev.hence.cli.compare;

import org.jspecify.annotations.NullMarked;
