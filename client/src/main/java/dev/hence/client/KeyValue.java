package dev.hence.client;

/**
 * One key of a scan.
 *
 * @param key the key
 * @param value its value; of several siblings the winner
 * @param tag its version tag, for {@link Condition#ifTag}
 */
public record KeyValue(Bytes key, Bytes value, String tag) {}
