package dev.hence.client;

/**
 * One key of a scan.
 *
 * @param key the key
 * @param type what it holds: {@code string}, {@code hash}, {@code set}, {@code sorted set}, {@code list}
 * @param value its value, of several siblings the winner; empty for anything but a string
 * @param tag its version tag, for {@link Condition#ifTag}; empty for anything but a string
 */
public record KeyValue(Bytes key, String type, Bytes value, String tag) {

    /** Whether it holds a string, so that there is a value. */
    public boolean isString() {
        return type.equals("string");
    }
}
