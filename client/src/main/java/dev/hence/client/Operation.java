package dev.hence.client;

/** One change: part of a batch, or of an update that the change feed shows. */
public sealed interface Operation {

    /** The key that changes; the channel of a publication. */
    Bytes key();

    /** Writes a value. */
    record Put(Bytes key, Bytes value) implements Operation {}

    /** Removes what the node that takes it has seen under the key; a concurrent write survives. */
    record Delete(Bytes key) implements Operation {}

    /**
     * Any other change that a feed shows, such as of an element of a collection; it cannot be part of a batch.
     *
     * @param kind the feed's word for it: {@code assign}, {@code remove}, {@code increment}, {@code expire},
     *     {@code publish}
     */
    record Other(String kind, Bytes key) implements Operation {}

    /** A write of text. */
    static Operation put(String key, String value) {
        return new Put(Bytes.utf8(key), Bytes.utf8(value));
    }

    /** A write. */
    static Operation put(Bytes key, Bytes value) {
        return new Put(key, value);
    }

    /** A removal of a key that is text. */
    static Operation delete(String key) {
        return new Delete(Bytes.utf8(key));
    }

    /** A removal. */
    static Operation delete(Bytes key) {
        return new Delete(key);
    }
}
