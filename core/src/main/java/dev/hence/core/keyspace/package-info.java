/**
 * Keys as rows, and what operations do to them. A key is a head and, for collections, a row for each element;
 * operations touch the rows they name and no others.
 *
 * <p>Start reading at {@link dev.hence.core.keyspace.StateOverlay}.
 */
@NullMarked
package dev.hence.core.keyspace;

import org.jspecify.annotations.NullMarked;
