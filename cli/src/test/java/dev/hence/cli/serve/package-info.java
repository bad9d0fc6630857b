/** Tests of the package of this name. */
@NullMarked
package dev.hence.cli.serve;

import org.jspecify.annotations.NullMarked;
