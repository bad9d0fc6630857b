/**
 * A client's connection as commands see it. Start reading at {@link dev.hence.server.resp.session.Session}.
 */
@NullMarked
package dev.hence.server.resp.session;

import org.jspecify.annotations.NullMarked;
