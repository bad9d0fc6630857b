package dev.hence.node.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name closest to a misspelled one. */
public final class NearMiss {

    private NearMiss() {}

    /** The name closest to the given one, if any is close. */
    public static Optional<String> of(String written, Collection<String> names) {
        String plain = plain(written);
        return names.stream()
                .filter(name -> distance(plain, plain(name)) <= (name.length() + 2) / 3)
                .min(Comparator.comparingInt(name -> distance(plain, plain(name))));
    }

    /** Other programs spell the same names with dots, underscores, capitals or leading dashes. */
    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceFirst("^-+", "").replaceAll("[._]", "-");
    }

    /** The Levenshtein distance: the number of characters to insert, drop or replace. */
    private static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        for (int column = 0; column <= right.length(); column++) {
            row[column] = column;
        }
        for (int line = 1; line <= left.length(); line++) {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column <= right.length(); column++) {
                int replaced = diagonal + (left.charAt(line - 1) == right.charAt(column - 1) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.min(replaced, 1 + Math.min(row[column], row[column - 1]));
            }
        }
        return row[right.length()];
    }
}
