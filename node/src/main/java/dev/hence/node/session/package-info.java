/**
 * Session tokens: how a clock travels through a client that need not understand it.
 *
 * <p>Start reading at {@link dev.hence.node.session.SessionTokens}.
 */
@NullMarked
package dev.hence.node.session;

import org.jspecify.annotations.NullMarked;
