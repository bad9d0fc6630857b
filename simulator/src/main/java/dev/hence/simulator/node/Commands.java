package dev.hence.simulator.node;

import dev.hence.core.commands.Hashes;
import dev.hence.core.commands.Keys;
import dev.hence.core.commands.Lists;
import dev.hence.core.commands.NotANumberException;
import dev.hence.core.commands.ScoreRule;
import dev.hence.core.commands.Scored;
import dev.hence.core.commands.Sets;
import dev.hence.core.commands.SortedSets;
import dev.hence.core.commands.Strings;
import dev.hence.core.commands.WrongTypeException;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.Decimals;
import dev.hence.core.replica.Transaction;
import dev.hence.simulator.trace.Command;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Executes the commands of a request, within one transaction. */
final class Commands {
    private final Transaction transaction;

    /** Fails a request: none of its commands takes effect. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Failed(RuntimeException refusal) {
            super(refusal);
        }
    }

    private Commands(Transaction transaction) {
        this.transaction = transaction;
    }

    /** @throws Failed if one of them fails */
    static void run(Transaction transaction, List<Command> commands) {
        Commands run = new Commands(transaction);
        try {
            commands.forEach(run::run);
        } catch (WrongTypeException | NotANumberException refusal) {
            throw new Failed(refusal);
        }
    }

    private void run(Command command) {
        Bytes key = Bytes.utf8(command.key());
        switch (command) {
            case Command.Set set -> set(key, set);
            case Command.Delete delete -> Keys.delete(transaction, key);
            case Command.Put put -> put(key, put);
            case Command.Remove remove -> remove(key, remove);
            case Command.Add add -> add(key, add);
            case Command.Push push ->
                Lists.push(
                        transaction,
                        key,
                        end(push.end()),
                        push.values().stream().map(Bytes::utf8).toList());
            case Command.Insert insert -> {
                Bytes pivot = Lists.get(transaction, key, insert.index());
                if (pivot != null) {
                    Lists.insert(transaction, key, end(insert.side()), pivot, Bytes.utf8(insert.value()));
                }
            }
            case Command.Pop pop -> Lists.pop(transaction, key, end(pop.end()), 1, popped -> {});
            case Command.SetItem set -> Lists.set(transaction, key, set.index(), Bytes.utf8(set.value()));
            case Command.RemoveItem remove -> {
                Bytes value = Lists.get(transaction, key, remove.index());
                if (value != null) {
                    Lists.remove(transaction, key, 1, value);
                }
            }
            case Command.Expire expire -> Keys.expire(transaction, key, deadline(expire.lifetimeMillis()));
            case Command.Persist persist -> Keys.persist(transaction, key);
        }
    }

    private void set(Bytes key, Command.Set set) {
        Bytes value = Bytes.utf8(set.value());
        if (set.lifetimeMillis() == Command.FOR_EVER) {
            Strings.set(transaction, key, value);
        } else {
            Strings.set(transaction, key, value, Strings.Condition.ALWAYS, deadline(set.lifetimeMillis()));
        }
    }

    private long deadline(long lifetimeMillis) {
        return lifetimeMillis == Command.KEEP ? Deadlines.KEEP : transaction.nowMillis() + lifetimeMillis;
    }

    private void put(Bytes key, Command.Put put) {
        Bytes element = Bytes.utf8(put.element());
        switch (put.type()) {
            case HASH -> Hashes.put(transaction, key, new LinkedHashMap<>(Map.of(element, Bytes.utf8(put.value()))));
            case SET -> Sets.add(transaction, key, List.of(element));
            case SORTED_SET -> {
                Scored scored = new Scored(element, Double.parseDouble(put.value()));
                SortedSets.add(transaction, key, List.of(scored), ScoreRule.ALWAYS);
            }
            case STRING, LIST -> throw unfit(put);
        }
    }

    private void remove(Bytes key, Command.Remove remove) {
        List<Bytes> elements = List.of(Bytes.utf8(remove.element()));
        switch (remove.type()) {
            case HASH -> Hashes.remove(transaction, key, elements);
            case SET -> Sets.remove(transaction, key, elements);
            case SORTED_SET -> SortedSets.remove(transaction, key, elements);
            case STRING, LIST -> throw unfit(remove);
        }
    }

    private void add(Bytes key, Command.Add add) {
        Bytes element = Bytes.utf8(add.element());
        boolean whole = Decimals.isWhole(add.delta());
        switch (add.type()) {
            case STRING -> {
                if (whole) {
                    Strings.increment(transaction, key, add.delta().longValueExact());
                } else {
                    Strings.incrementByDecimal(transaction, key, add.delta());
                }
            }
            case HASH -> {
                if (whole) {
                    Hashes.increment(transaction, key, element, add.delta().longValueExact());
                } else {
                    Hashes.incrementByDecimal(transaction, key, element, add.delta());
                }
            }
            case SORTED_SET ->
                SortedSets.increment(transaction, key, element, add.delta().doubleValue(), ScoreRule.ALWAYS);
            case SET, LIST -> throw unfit(add);
        }
    }

    private static IllegalArgumentException unfit(Command command) {
        return new IllegalArgumentException(command + " (expected: a type that it is for)");
    }

    private static Lists.End end(Command.End end) {
        return switch (end) {
            case FRONT -> Lists.End.LEFT;
            case BACK -> Lists.End.RIGHT;
        };
    }
}
