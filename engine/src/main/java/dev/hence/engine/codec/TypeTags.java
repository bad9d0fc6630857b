package dev.hence.engine.codec;

import dev.hence.core.crdt.DataType;

/** The number of a type, on disk and on the wire. */
final class TypeTags {
    private TypeTags() {}

    static int tag(DataType type) {
        return switch (type) {
            case STRING -> 1;
            case HASH -> 2;
            case SET -> 3;
            case SORTED_SET -> 4;
            case LIST -> 5;
        };
    }

    /** @throws MalformedRecordException if no type has this number */
    static DataType type(int tag) {
        return switch (tag) {
            case 1 -> DataType.STRING;
            case 2 -> DataType.HASH;
            case 3 -> DataType.SET;
            case 4 -> DataType.SORTED_SET;
            case 5 -> DataType.LIST;
            default ->
                throw new MalformedRecordException(
                        "type: " + tag + " (expected: 1 to 5; it may have been written by a later version)");
        };
    }
}
