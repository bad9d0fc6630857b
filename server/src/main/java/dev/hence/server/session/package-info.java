/**
 * Session tokens: how a clock travels through a client that need not understand it.
 *
 * <p>Start reading at {@link dev.hence.server.session.SessionTokens}.
 */
@NullMarked
package dev.hence.server.session;

import org.jspecify.annotations.NullMarked;
