/**
 * The HTTP API: one class for each group of requests, declaring its routes and answering them from the
 * store. The contract is {@code docs/http-api.md}.
 *
 * <p>Start reading at {@link dev.hence.http.api.KeyRoutes}.
 */
@NullMarked
package dev.hence.http.api;

import org.jspecify.annotations.NullMarked;
