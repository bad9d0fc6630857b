package dev.hence.engine.storage;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.State;
import dev.hence.engine.rows.OrderedNames;
import dev.hence.engine.rows.RowTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest rows: single ones from the table where it knows them, and otherwise so that the table knows them next time;
 * walks from names and rows in memory, and where these are not there, from the database after it has caught up with the
 * table.
 *
 * <p>Thread-safe while the files are open, which the callers ensure. But only the thread that applies commits may walk,
 * because a walk does not see one state if there are commits meanwhile. The rows {@link #beside} it, and those {@link
 * #inMemory}, are for other threads, which must know about commits ({@link SingleRows}).
 */
final class NewestRows implements State {

    /** How the rows are used, and with it what a reader may cause. */
    private enum Use {
        /** By the thread that applies: anything. */
        APPLYING,
        /** Beside that thread: reads of single rows from the database. */
        BESIDE,
        /** Without waiting: nothing. */
        IN_MEMORY
    }

    private final Use use;
    private final RowTable table;
    private final HotCollections hot;
    private final RocksState database;
    private final Runnable catchUp;
    private final RowTable.Reader<KeyHead> heads;
    private final RowTable.Reader<Cell> cells;

    /** @param catchUp writes the changed rows of the table to the database */
    NewestRows(RowTable table, HotCollections hot, RocksState database, Runnable catchUp) {
        this(Use.APPLYING, table, hot, database, catchUp);
    }

    private NewestRows(Use use, RowTable table, HotCollections hot, RocksState database, Runnable catchUp) {
        this.use = use;
        this.table = table;
        this.hot = hot;
        this.database = database;
        this.catchUp = catchUp;
        this.heads = database::decodedHead;
        this.cells = database::decodedCell;
    }

    /** The rows for other threads than that which applies: a reader that needs the database for a walk is interrupted. */
    NewestRows beside() {
        return new NewestRows(Use.BESIDE, table, hot, database, catchUp);
    }

    /** The rows in memory alone: a reader that asks for others is interrupted. */
    NewestRows inMemory() {
        return new NewestRows(Use.IN_MEMORY, table, hot, database, catchUp);
    }

    @Override
    public KeyHead head(Bytes key) {
        return row(RowFamilies.HEADS, RowKeys.head(key), heads, row -> {});
    }

    @Override
    public Cell cell(Bytes key, RowKind kind, Bytes row) {
        return row(RowFamilies.ELEMENTS, RowKeys.element(key, kind, row), cells, found -> {});
    }

    private <T> T row(int family, byte[] name, RowTable.Reader<T> decoder, RocksState.Found found) {
        long hashed = table.hash(family, name);
        // Before the search: what changes after it must not be overwritten by what is read.
        int stamp = table.stamp(hashed);
        T known = table.read(hashed, family, name, decoder);
        if (known != null) {
            return known;
        }
        if (table.isComplete()) {
            return RocksState.absent(decoder);
        }
        if (use == Use.IN_MEMORY) {
            throw new ReadInterrupted(true);
        }
        return database.row(family, name, decoder, row -> {
            table.fill(hashed, family, name, row, stamp);
            found.found(row);
        });
    }

    /** Brings the heads of keys close to the processor: {@link RowTable#fetch}. */
    void expect(List<Bytes> keys) {
        if (keys.size() < 2) {
            return;
        }
        long[] hashes = new long[keys.size()];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = table.hash(RowFamilies.HEADS, RowKeys.head(keys.get(i)));
        }
        table.fetch(hashes);
    }

    @Override
    public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
        return walk(key, kind, from, direction, visitor, () -> {});
    }

    /**
     * Same as {@link #walk(Bytes, RowKind, Bytes, Direction, Visitor)}, for a reader of one commit.
     *
     * @param requireUnchanged throws if a later commit may have been seen
     */
    boolean walk(
            Bytes key,
            RowKind kind,
            @Nullable Bytes from,
            Direction direction,
            Visitor visitor,
            Runnable requireUnchanged) {
        OrderedNames names = hot.names(key, kind);
        if (names != null) {
            return new NamesWalk(this, names, requireUnchanged, key, kind, direction).walk(from, visitor);
        }
        if (use != Use.IN_MEMORY) {
            hot.walked(key, kind, RowChanges.storedCount(head(key), kind));
        }
        return walkDatabase(key, kind, from, direction, visitor);
    }

    /** Same as {@link #walk}, without names in memory. */
    boolean walkDatabase(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
        if (use != Use.APPLYING) {
            throw new ReadInterrupted(true);
        }
        catchUp.run();
        return database.walk(key, kind, from, direction, visitor);
    }

    /** Returns the cell of a row that has this name in the database; null if the table does not know it. */
    @Nullable
    Cell known(byte[] name) {
        return table.read(table.hash(RowFamilies.ELEMENTS, name), RowFamilies.ELEMENTS, name, cells);
    }

    /**
     * Reads a row that has this name in the database.
     *
     * @param found gets the row if the table does not know it
     */
    Cell read(byte[] name, RocksState.Found found) {
        return row(RowFamilies.ELEMENTS, name, cells, found);
    }

    /** The rows of a collection are too large for the table. */
    void drop(Bytes key, RowKind kind) {
        hot.drop(key, kind);
    }
}
