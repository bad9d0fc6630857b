/**
 * What an HTTP handler works with: the route it is declared as, the request it gets, the answer it gives,
 * and the errors there are. Nothing here knows of the store, so programs with their own routes can
 * declare them with it.
 *
 * <p>Start reading at {@link dev.hence.http.exchange.Route}.
 */
@NullMarked
package dev.hence.http.exchange;

import org.jspecify.annotations.NullMarked;
