package dev.hence.client;

import java.time.Instant;
import java.util.Optional;

/**
 * A key and a digest of all that it holds, siblings and increments included: equal at nodes that have applied the
 * same updates.
 *
 * @param key the key
 * @param type what it shows: {@code string}, {@code hash}, {@code set}, {@code sorted set}, {@code list}
 * @param size the number of its elements; 1 for a string
 * @param deadline when it expires; empty if it does not
 * @param fingerprint the digest, in hexadecimal
 */
public record KeyFingerprint(Bytes key, String type, long size, Optional<Instant> deadline, String fingerprint) {}
