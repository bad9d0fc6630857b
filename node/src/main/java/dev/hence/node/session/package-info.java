/**
 * Session tokens: clocks in a form that clients pass along without understanding them.
 *
 * <p>Start reading at {@link dev.hence.node.session.SessionTokens}.
 */
@NullMarked
package dev.hence.node.session;

import org.jspecify.annotations.NullMarked;
