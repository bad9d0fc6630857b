package dev.hence.http.api;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The {@code Accept} header, as far as the node cares: whether a browser asks, or a program. */
final class MediaRanges {

    private MediaRanges() {}

    /**
     * Whether HTML is asked for by name, and not JSON more than that. A wildcard, which is what most
     * programs send, asks for JSON.
     */
    static boolean preferHtml(@Nullable String accept) {
        if (accept == null) {
            return false;
        }
        double html = 0;
        double json = 0;
        for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = range.split(";", -1);
            switch (parts[0].strip()) {
                case "text/html" -> html = quality(parts);
                case "application/json" -> json = quality(parts);
                default -> {}
            }
        }
        return html > 0 && html >= json;
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=")) {
                try {
                    return Double.parseDouble(parameter.substring(2));
                } catch (NumberFormatException malformed) {
                    return 1;
                }
            }
        }
        return 1;
    }
}
