/**
 * Property tests without a library: random traces from a seed, shrunk by deletion when one fails.
 *
 * <p>Start reading at {@link dev.hence.core.property.Property}.
 */
@NullMarked
package dev.hence.core.property;

import org.jspecify.annotations.NullMarked;
