package dev.hence.simulator.check;

import dev.hence.simulator.trace.Command;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sequential meaning of commands: a few keys as clients see them, in one place, changed by one command after the
 * other.
 */
final class OneStore {
    /** A present key. Items of a list are values named by their index. */
    record Shown(Type type, List<String> items, Map<String, String> elements, long deadlineMillis) {
        static @Nullable Shown of(Contents contents) {
            Type type = contents.shown();
            if (type == null) {
                return null;
            }
            Shown shown = new Shown(type, new ArrayList<>(), new TreeMap<>(), contents.deadlineMillis());
            for (Contents.Element element : contents.of(type)) {
                if (type == Type.LIST) {
                    shown.items.add(element.value());
                } else {
                    shown.elements.put(element.name(), type == Type.SET ? "" : element.value());
                }
            }
            return shown;
        }

        private static Shown empty(Type type) {
            return new Shown(type, new ArrayList<>(), new TreeMap<>(), Contents.NEVER);
        }

        private Shown until(long millis) {
            return new Shown(type, items, elements, millis);
        }

        private boolean isEmpty() {
            return items.isEmpty() && elements.isEmpty();
        }
    }

    /** The target of an assignment or increment. */
    record Place(String key, Type type, String element) {}

    /** Thrown when a command fails, and with it the request. */
    private static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private final Map<String, @Nullable Shown> keys = new HashMap<>();
    private final long wallMillis;
    /** The assignments whose target was not written afterwards. */
    private final Map<Place, String> assigned = new LinkedHashMap<>();
    /** The sums of increments to targets that were written in no other way. */
    private final Map<Place, BigDecimal> added = new LinkedHashMap<>();

    private final Map<Place, Integer> touches = new HashMap<>();

    OneStore(long wallMillis) {
        this.wallMillis = wallMillis;
    }

    /** Sets the state of a key before the first command. */
    void hold(String key, Contents contents) {
        keys.put(key, Shown.of(contents));
    }

    @Nullable
    Shown shown(String key) {
        return keys.get(key);
    }

    /** The assignments that the update must contain, even of the present value: they must win over concurrent ones. */
    Map<Place, String> assigned() {
        return assigned;
    }

    /** The increments that the update must contain. */
    Map<Place, BigDecimal> added() {
        return added;
    }

    /** Executes commands; returns whether all succeeded. Otherwise the state is meaningless. */
    boolean run(List<Command> commands) {
        try {
            for (Command command : commands) {
                run(command);
            }
            return true;
        } catch (Failed failed) {
            return false;
        }
    }

    private void run(Command command) throws Failed {
        String key = command.key();
        switch (command) {
            case Command.Set set -> set(set);
            case Command.Delete delete -> replace(key, null);
            case Command.Put put -> {
                String value =
                        put.type() == Type.SORTED_SET ? Double.toString(Double.parseDouble(put.value())) : put.value();
                ready(key, put.type()).elements.put(put.element(), value);
                assign(new Place(key, put.type(), put.element()), value);
            }
            case Command.Remove remove -> {
                Shown shown = ready(key, remove.type());
                forget(new Place(key, remove.type(), remove.element()));
                shown.elements.remove(remove.element());
                dropIfEmpty(key, shown);
            }
            case Command.Add add -> add(add);
            case Command.Push push -> {
                Shown shown = ready(key, Type.LIST);
                for (String value : push.values()) {
                    shown.items.add(push.end() == Command.End.FRONT ? 0 : shown.items.size(), value);
                }
            }
            case Command.Insert insert -> {
                Shown shown = ready(key, Type.LIST);
                int pivot = first(shown, insert.index());
                if (pivot >= 0) {
                    shown.items.add(insert.side() == Command.End.FRONT ? pivot : pivot + 1, insert.value());
                }
                dropIfEmpty(key, shown);
            }
            case Command.Pop pop -> {
                Shown shown = ready(key, Type.LIST);
                removeItem(key, shown, pop.end() == Command.End.FRONT ? 0 : shown.items.size() - 1);
            }
            case Command.SetItem set -> {
                Shown shown = ready(key, Type.LIST);
                if (set.index() < shown.items.size()) {
                    shown.items.set(set.index(), set.value());
                }
                dropIfEmpty(key, shown);
            }
            case Command.RemoveItem remove -> {
                Shown shown = ready(key, Type.LIST);
                removeItem(key, shown, first(shown, remove.index()));
            }
            case Command.Expire expire -> {
                Shown shown = keys.get(key);
                if (shown != null && expire.lifetimeMillis() <= 0) {
                    replace(key, null);
                } else if (shown != null) {
                    keys.put(key, shown.until(wallMillis + expire.lifetimeMillis()));
                }
            }
            case Command.Persist persist -> {
                Shown shown = keys.get(key);
                if (shown != null) {
                    keys.put(key, shown.until(Contents.NEVER));
                }
            }
        }
    }

    private void set(Command.Set set) {
        Shown before = keys.get(set.key());
        long deadline = set.lifetimeMillis() == Command.FOR_EVER
                ? Contents.NEVER
                : set.lifetimeMillis() != Command.KEEP
                        ? wallMillis + set.lifetimeMillis()
                        : before == null ? Contents.NEVER : before.deadlineMillis;
        Shown after = Shown.empty(Type.STRING).until(deadline);
        after.elements.put("", set.value());
        replace(set.key(), after);
        assign(new Place(set.key(), Type.STRING, ""), set.value());
    }

    private void add(Command.Add add) throws Failed {
        Place place = new Place(add.key(), add.type(), add.element());
        Map<String, String> elements = ready(add.key(), add.type()).elements;
        String before = elements.getOrDefault(add.element(), "0");
        if (add.type() == Type.SORTED_SET && before.endsWith("Infinity")) {
            // The value stays the same, and the assignment is recorded.
            assign(place, before);
            return;
        }
        BigDecimal number = Numbers.parse(before);
        boolean counts = add.type() == Type.SORTED_SET || !Numbers.isWhole(add.delta()) || Numbers.isCount(before);
        if (number == null || !counts) {
            throw new Failed();
        }
        BigDecimal sum = number.add(add.delta());
        elements.put(
                add.element(), add.type() == Type.SORTED_SET ? Double.toString(sum.doubleValue()) : Numbers.text(sum));
        assigned.remove(place);
        BigDecimal soFar = added.remove(place);
        if (touches.merge(place, 1, Integer::sum) == 1) {
            added.put(place, add.delta());
        } else if (soFar != null) {
            added.put(place, soFar.add(add.delta()));
        }
    }

    /** Returns the index of the first item with the same value as a given one; negative if there is none. */
    private static int first(Shown shown, int index) {
        return index < shown.items.size() ? shown.items.indexOf(shown.items.get(index)) : -1;
    }

    private void removeItem(String key, Shown shown, int index) {
        if (index >= 0 && index < shown.items.size()) {
            shown.items.remove(index);
        }
        dropIfEmpty(key, shown);
    }

    private void dropIfEmpty(String key, Shown shown) {
        if (shown.isEmpty()) {
            replace(key, null);
        }
    }

    /** Returns the key, or an empty one of this type. */
    private Shown ready(String key, Type type) throws Failed {
        Shown shown = keys.get(key);
        if (shown != null && shown.type != type) {
            throw new Failed();
        }
        if (shown == null) {
            shown = Shown.empty(type);
            keys.put(key, shown);
        }
        return shown;
    }

    private void assign(Place place, String value) {
        forget(place);
        assigned.put(place, value);
    }

    private void forget(Place place) {
        touches.merge(place, 1, Integer::sum);
        assigned.remove(place);
        added.remove(place);
    }

    private void replace(String key, @Nullable Shown shown) {
        keys.put(key, shown);
        assigned.keySet().removeIf(place -> place.key().equals(key));
        added.keySet().removeIf(place -> place.key().equals(key));
        touches.merge(new Place(key, Type.STRING, ""), 1, Integer::sum);
    }
}
