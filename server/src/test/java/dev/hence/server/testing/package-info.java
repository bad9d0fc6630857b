/**
 * What the tests of several packages need. Start reading at {@link dev.hence.server.testing.NodeConfigs}.
 */
@NullMarked
package dev.hence.server.testing;

import org.jspecify.annotations.NullMarked;
