package dev.hence.simulator.trace;

import org.jspecify.annotations.Nullable;

/**
 * What an update does to one key.
 *
 * @param value what is assigned; null if the key is removed
 */
public record Change(String key, @Nullable String value) {}
