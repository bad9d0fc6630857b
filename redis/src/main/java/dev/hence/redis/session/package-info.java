/**
 * A client's connection as commands see it. Start reading at {@link dev.hence.redis.session.Session}.
 */
@NullMarked
package dev.hence.redis.session;

import org.jspecify.annotations.NullMarked;
