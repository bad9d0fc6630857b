package dev.hence.simulator.diagram;

/**
 * Untrusted text sanitized for one line of a diagram: keys, values and messages may hold anything. Every retained
 * character takes one column and has no effect on its neighbours; all others are escaped, so line breaks, terminal
 * controls and changes of the writing direction do not get through.
 */
final class PlainText {
    private static final String ELLIPSIS = "...";

    private PlainText() {}

    /**
     * Returns the text in at most the given number of characters (at least 4); an empty text becomes a pair of
     * quotation marks.
     */
    static String of(String text, int charactersMax) {
        if (text.isEmpty()) {
            return "\"\"";
        }
        StringBuilder plain = new StringBuilder();
        int whole = 0;
        for (int i = 0; i < text.length(); i++) {
            plain.append(plain(text.charAt(i)));
            if (plain.length() > charactersMax) {
                return plain.substring(0, whole) + ELLIPSIS;
            }
            if (plain.length() <= charactersMax - ELLIPSIS.length()) {
                whole = plain.length();
            }
        }
        return plain.toString();
    }

    private static String plain(char c) {
        if (isKept(c)) {
            return String.valueOf(c);
        }
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> "\\u%04x".formatted((int) c);
        };
    }

    /** ASCII; letters of the Latin, Greek and Cyrillic scripts; dashes, quotation marks, arrows and mathematical signs. */
    private static boolean isKept(char c) {
        return (c >= ' ' && c <= '~')
                || (c >= 0x00A1 && c <= 0x02FF && c != 0x00AD)
                || (c >= 0x0370 && c <= 0x0482 && Character.isDefined(c))
                || (c >= 0x048A && c <= 0x052F)
                || (c >= 0x2010 && c <= 0x2027)
                || (c >= 0x2190 && c <= 0x22FF);
    }
}
