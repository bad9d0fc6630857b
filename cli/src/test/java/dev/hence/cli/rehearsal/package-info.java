/** Tests of the package of this name. */
@NullMarked
package dev.hence.cli.rehearsal;

import org.jspecify.annotations.NullMarked;
