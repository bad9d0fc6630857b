/**
 * Converts updates to frames for the log and to protobuf records for the wire, and back; and heads and cells of keys to
 * the rows of the state.
 *
 * <p>Start reading at {@link dev.hence.engine.codec.FrameEncoder}.
 */
@NullMarked
package dev.hence.engine.codec;

import org.jspecify.annotations.NullMarked;
