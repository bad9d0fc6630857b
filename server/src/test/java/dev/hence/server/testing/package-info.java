/**
 * What the tests of several packages need: waiting for conditions, and the configuration of a node.
 *
 * <p>Start reading at {@link dev.hence.server.testing.Eventually}.
 */
@NullMarked
package dev.hence.server.testing;

import org.jspecify.annotations.NullMarked;
