/**
 * The declarative meaning of the datatypes, and random traces that check replicas against it.
 *
 * <p>Start reading at {@link dev.hence.core.specification.KeyMeaning}.
 */
@NullMarked
package dev.hence.core.specification;

import org.jspecify.annotations.NullMarked;
