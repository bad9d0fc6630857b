package dev.hence.engine.codec;

import dev.hence.core.crdt.Bytes;

/** The bytes of a frame, with what they hold. */
public record EncodedFrame(FrameHeader header, Bytes bytes) {}
