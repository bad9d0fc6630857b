/** Tests of the package of this name. */
@NullMarked
package dev.hence.cli.status;

import org.jspecify.annotations.NullMarked;
