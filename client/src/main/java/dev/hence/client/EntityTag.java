package dev.hence.client;

/** Version tags as HTTP writes them, in quotes; the client returns them without quotes. */
final class EntityTag {

    private EntityTag() {}

    static String quoted(String tag) {
        return '"' + tag + '"';
    }

    /** The tag without its quotes, if it has any. */
    static String unquoted(String tag) {
        return tag.length() >= 2 && tag.startsWith("\"") && tag.endsWith("\"")
                ? tag.substring(1, tag.length() - 1)
                : tag;
    }
}
