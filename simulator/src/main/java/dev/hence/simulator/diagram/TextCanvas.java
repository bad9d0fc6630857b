package dev.hence.simulator.diagram;

import java.util.ArrayList;
import java.util.List;

/** Lines of text that are written at any column; later text overwrites earlier text. */
final class TextCanvas {
    private final List<StringBuilder> lines = new ArrayList<>();

    /** Begins a new line below the last and returns its number. */
    int addLine() {
        lines.add(new StringBuilder());
        return lines.size() - 1;
    }

    void put(int line, int column, String text) {
        StringBuilder row = lines.get(line);
        while (row.length() < column + text.length()) {
            row.append(' ');
        }
        row.replace(column, column + text.length(), text);
    }

    void put(int line, int column, char sign) {
        put(line, column, String.valueOf(sign));
    }

    /** Splits a text into lines between words, or within a word that is too long for a line. */
    static List<String> wrapped(String text, int columns) {
        List<String> wrapped = new ArrayList<>();
        String rest = text;
        while (rest.length() > columns) {
            int space = rest.lastIndexOf(' ', columns);
            int end = space > 0 ? space : columns;
            wrapped.add(rest.substring(0, end));
            rest = rest.substring(end).stripLeading();
        }
        wrapped.add(rest);
        return wrapped;
    }

    /** Fills lines with parts that are not split. */
    static List<String> filled(List<String> parts, String between, int columns) {
        List<String> filled = new ArrayList<>();
        String line = "";
        for (String part : parts) {
            if (!line.isEmpty() && line.length() + between.length() + part.length() > columns) {
                filled.add(line);
                line = "";
            }
            line = line.isEmpty() ? part : line + between + part;
        }
        if (!line.isEmpty()) {
            filled.add(line);
        }
        return filled;
    }

    /** All lines, without trailing blanks. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.toString().stripTrailing()).append('\n'));
        return text.toString();
    }
}
