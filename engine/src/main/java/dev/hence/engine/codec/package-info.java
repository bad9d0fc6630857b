/**
 * Converts updates and clocks to protobuf records and back, for disk and wire; and heads and cells of keys to the rows
 * of the state, in a format optimized for speed.
 *
 * <p>Start reading at {@link dev.hence.engine.codec.UpdateCodec}.
 */
@NullMarked
package dev.hence.engine.codec;

import org.jspecify.annotations.NullMarked;
