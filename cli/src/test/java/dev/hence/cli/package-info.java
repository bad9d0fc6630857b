/** Tests of the command line. {@link dev.hence.cli.FakeNode} is what commands talk to in them. */
@NullMarked
package dev.hence.cli;

import org.jspecify.annotations.NullMarked;
