/**
 * Turns updates, clocks and registers into protobuf records and back, for the disk and for the wire.
 *
 * <p>Start reading at {@link dev.hence.server.codec.UpdateCodec}.
 */
@NullMarked
package dev.hence.server.codec;

import org.jspecify.annotations.NullMarked;
