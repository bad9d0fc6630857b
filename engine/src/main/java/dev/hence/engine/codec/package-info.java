/**
 * Turns updates and clocks into protobuf records and back, for the disk and for the wire; and heads and cells of keys
 * into the rows of the state, whose form is made for speed.
 *
 * <p>Start reading at {@link dev.hence.engine.codec.UpdateCodec}.
 */
@NullMarked
package dev.hence.engine.codec;

import org.jspecify.annotations.NullMarked;
