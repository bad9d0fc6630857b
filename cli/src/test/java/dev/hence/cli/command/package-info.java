/** Tests of the package of this name. */
@NullMarked
package dev.hence.cli.command;

import org.jspecify.annotations.NullMarked;
