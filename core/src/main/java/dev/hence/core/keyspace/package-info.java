/**
 * Keys as rows, and the effects of operations on them. A key is a head and, for collections, a row for each element; an
 * operation touches only the rows that it names.
 *
 * <p>Start reading at {@link dev.hence.core.keyspace.StateOverlay}.
 */
@NullMarked
package dev.hence.core.keyspace;

import org.jspecify.annotations.NullMarked;
