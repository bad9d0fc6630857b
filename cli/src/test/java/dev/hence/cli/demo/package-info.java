/** Tests of the package of this name. */
@NullMarked
package dev.hence.cli.demo;

import org.jspecify.annotations.NullMarked;
