/** Tests of the package of this name. */
@NullMarked
package dev.hence.cli.log;

import org.jspecify.annotations.NullMarked;
