/**
 * {@code hence rehearse}, which the launcher runs once after a build: does what the other commands do, so
 * that the JVM learns which classes to keep ready in its ahead-of-time cache (JEP 514).
 *
 * <p>Start reading at {@link dev.hence.cli.rehearsal.RehearseCommand}.
 */
@NullMarked
package dev.hence.cli.rehearsal;

import org.jspecify.annotations.NullMarked;
