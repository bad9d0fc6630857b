package dev.hence.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells, shown in columns that are as wide as their widest cell. Not thread-safe. */
public final class TextTable {

    private static final String GAP = "  ";

    private final List<List<Cell>> rows = new ArrayList<>();

    /** Text in a style. */
    public record Cell(String text, Style style) {}

    /** Adds a row of text in one style. */
    public TextTable row(Style style, List<String> texts) {
        return row(texts.stream().map(text -> new Cell(text, style)).toList());
    }

    /** Adds a row. Rows may differ in length. */
    public TextTable row(List<Cell> cells) {
        rows.add(List.copyOf(cells));
        return this;
    }

    /** The lines, without trailing spaces. */
    public List<String> lines(Console console) {
        return rows.stream().map(row -> line(row, console)).toList();
    }

    private String line(List<Cell> row, Console console) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            Cell cell = row.get(column);
            line.append(console.styled(cell.style(), cell.text()));
            if (column < row.size() - 1) {
                line.repeat(' ', width(column) - cell.text().length()).append(GAP);
            }
        }
        return line.toString().stripTrailing();
    }

    // The last cell of a row may be a sentence and does not widen its column.
    private int width(int column) {
        return rows.stream()
                .filter(row -> row.size() - 1 > column)
                .mapToInt(row -> row.get(column).text().length())
                .max()
                .orElse(0);
    }
}
