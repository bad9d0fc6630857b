package dev.hence.client;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Paths and queries of the HTTP API. Any bytes can be part of them, percent-encoded. */
final class Paths {

    private static final String HEX = "0123456789ABCDEF";

    private Paths() {}

    static String key(Bytes key) {
        StringBuilder path = new StringBuilder("/kv/");
        // Segments of dots alone mean something else in a path.
        boolean isDots = key.array().length <= 2 && key.toString().chars().allMatch(c -> c == '.');
        for (byte b : key.array()) {
            append(path, b, isDots);
        }
        return path.toString();
    }

    static String scan(Bytes prefix, @Nullable String after, int limit) {
        StringBuilder path = new StringBuilder("/kv?limit=").append(limit);
        if (prefix.length() > 0) {
            path.append("&prefix=");
            for (byte b : prefix.array()) {
                append(path, b, false);
            }
        }
        return appendAfter(path, after).toString();
    }

    static String fingerprints(@Nullable String after, int limit) {
        return appendAfter(new StringBuilder("/fingerprints?limit=").append(limit), after)
                .toString();
    }

    static String feed(@Nullable String after, boolean follow) {
        return appendAfter(new StringBuilder("/feed?follow=").append(follow), after)
                .toString();
    }

    private static StringBuilder appendAfter(StringBuilder path, @Nullable String after) {
        if (after != null) {
            path.append("&after=");
            for (byte b : after.getBytes(StandardCharsets.UTF_8)) {
                append(path, b, false);
            }
        }
        return path;
    }

    private static void append(StringBuilder path, byte b, boolean always) {
        boolean isPlain = (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '-'
                || b == '_'
                || b == '.'
                || b == '~';
        if (isPlain && !always) {
            path.append((char) b);
        } else {
            path.append('%').append(HEX.charAt((b >> 4) & 0xf)).append(HEX.charAt(b & 0xf));
        }
    }
}
