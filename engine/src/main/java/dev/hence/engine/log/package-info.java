/**
 * The log of updates: segment files, to which groups of frames are appended, and which are read by sequence or by dot.
 *
 * <p>Start reading at {@link dev.hence.engine.log.SegmentLog}; the bytes are described at {@link
 * dev.hence.engine.log.Segment} and {@link dev.hence.engine.log.Group}.
 */
@NullMarked
package dev.hence.engine.log;

import org.jspecify.annotations.NullMarked;
