package dev.hence.client;

/**
 * What a key holds, with the version it was read at.
 *
 * @param value the value; of several siblings the winner
 * @param tag the version tag, for {@link Condition#ifTag}: it changes with the value and with its siblings
 */
public record VersionedValue(Bytes value, String tag) {

    /** The value as UTF-8 text, with a replacement character for invalid bytes. */
    public String text() {
        return value.toString();
    }
}
