/**
 * Tests of a cluster's guarantees on real processes with real sockets and real kills.
 *
 * <p>Start reading at {@link dev.hence.system.NodeCrashIT}.
 */
@NullMarked
package dev.hence.system;

import org.jspecify.annotations.NullMarked;
