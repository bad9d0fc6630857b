/** Tests of the package of this name. */
@NullMarked
package dev.hence.cli.client;

import org.jspecify.annotations.NullMarked;
