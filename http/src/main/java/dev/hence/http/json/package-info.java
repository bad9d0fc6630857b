/**
 * How the node speaks JSON: strict reading of what clients send, and the forms in which bytes and clocks
 * are shown.
 *
 * <p>Start reading at {@link dev.hence.http.json.Json}.
 */
@NullMarked
package dev.hence.http.json;

import org.jspecify.annotations.NullMarked;
