/**
 * The Java client of Hence: reads and writes that carry their session to whichever node answers.
 *
 * <p>A call becomes a {@link dev.hence.client.Call}; {@link dev.hence.client.Failover} tries it at one
 * node after another, each attempt being an {@link dev.hence.client.Attempt}; {@link
 * dev.hence.client.Session} keeps the tokens of the answers. Every failure is a {@link
 * dev.hence.client.HenceException} that says whether a write certainly did not happen or may have.
 *
 * <p>Start reading at {@link dev.hence.client.HenceClient}.
 */
@NullMarked
package dev.hence.client;

import org.jspecify.annotations.NullMarked;
