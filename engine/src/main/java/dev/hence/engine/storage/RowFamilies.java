package dev.hence.engine.storage;

/** The families of rows in {@link dev.hence.engine.rows.RowTable}, in the order in which they are written. */
final class RowFamilies {

    static final int HEADS = 0;
    static final int ELEMENTS = 1;
    static final int DEADLINES = 2;

    private RowFamilies() {}
}
