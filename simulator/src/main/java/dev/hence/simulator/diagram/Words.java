package dev.hence.simulator.diagram;

import dev.hence.simulator.trace.Candidate;
import dev.hence.simulator.trace.Change;
import dev.hence.simulator.trace.Command;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.trace.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Short texts for requests, values and faults, each in a part of a line. */
final class Words {
    private static final int KEY_CHARACTERS_MAX = 16;
    private static final int VALUE_CHARACTERS_MAX = 16;
    private static final int REASON_CHARACTERS_MAX = 80;
    private static final int ITEMS_MAX = 3;

    private Words() {}

    /** The requesting client: {@code c1}, or {@code c1 s2} within a session. */
    static String client(Request request) {
        String client = "c" + request.client();
        if (!request.inSession()) {
            return client;
        }
        String session = PlainText.of(request.session(), KEY_CHARACTERS_MAX);
        return session.startsWith(client) ? session : client + " " + session;
    }

    /** The content of a request: {@code x=A, del y}, or {@code x?}. */
    static String asked(Request request) {
        List<String> items = new ArrayList<>();
        request.reads().forEach(key -> items.add(key(key) + "?"));
        request.writes().forEach(command -> items.add(command(command)));
        return shortened(items);
    }

    static String changes(List<Change> changes) {
        return changes.isEmpty()
                ? "no key"
                : shortened(changes.stream().map(Words::change).toList());
    }

    static String commands(List<Command> commands) {
        return shortened(commands.stream().map(Words::command).toList());
    }

    private static String change(Change change) {
        String key = key(change.key());
        return switch (change) {
            case Change.Set set -> key + "=" + value(set.value());
            case Change.Delete delete -> "del " + key;
            case Change.Put put ->
                put.type() == Type.SET || put.value().isEmpty()
                        ? place(put.key(), put.element()) + " added"
                        : place(put.key(), put.element()) + "=" + value(put.value());
            case Change.Remove remove -> "del " + place(remove.key(), remove.element());
            case Change.Add add -> added(place(add.key(), add.element()), add.delta());
            case Change.Expire expire ->
                key + (expire.deadlineMillis() == Contents.NEVER ? " stays" : " expires at " + expire.deadlineMillis());
        };
    }

    private static String command(Command command) {
        String key = key(command.key());
        return switch (command) {
            case Command.Set set -> key + "=" + value(set.value());
            case Command.Delete delete -> "del " + key;
            case Command.Put put ->
                put.type() == Type.SET
                        ? place(put.key(), put.element()) + " added"
                        : place(put.key(), put.element()) + "=" + value(put.value());
            case Command.Remove remove -> "del " + place(remove.key(), remove.element());
            case Command.Add add -> added(place(add.key(), add.element()), add.delta());
            case Command.Push push ->
                value(String.join(" ", push.values())) + " to the " + end(push.end()) + " of " + key;
            case Command.Insert insert ->
                value(insert.value()) + " to the " + end(insert.side()) + " of " + key + "[" + insert.index() + "]";
            case Command.Pop pop -> "pop the " + end(pop.end()) + " of " + key;
            case Command.SetItem set -> key + "[" + set.index() + "]=" + value(set.value());
            case Command.RemoveItem remove -> "del " + key + "[" + remove.index() + "]";
            case Command.Expire expire -> key + " expires in " + expire.lifetimeMillis() + " ms";
            case Command.Persist persist -> key + " stays";
        };
    }

    private static String place(String key, String element) {
        return element.isEmpty() ? key(key) : key(key) + "[" + key(element) + "]";
    }

    private static String added(String place, BigDecimal delta) {
        return place + (delta.signum() < 0 ? "-=" : "+=") + delta.abs().toPlainString();
    }

    private static String end(Command.End end) {
        return end.name().toLowerCase(Locale.ROOT);
    }

    /** The values that were read: {@code x -> A, y -> absent}. */
    static String read(List<String> keys, List<Contents> values) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            items.add(read(keys.get(i), i < values.size() ? values.get(i) : Contents.NOTHING));
        }
        return shortened(items);
    }

    static String read(String key, Contents contents) {
        String prefix = key(key) + " -> ";
        List<Contents.Element> shown = contents.shownElements();
        if (shown.isEmpty()) {
            return prefix + (contents.elements().isEmpty() ? "absent" : "expired");
        }
        if (contents.shown() == Type.STRING) {
            return prefix + value(shown.getFirst().value()) + siblings(shown.getFirst());
        }
        return prefix
                + shown.stream()
                        .limit(ITEMS_MAX)
                        .map(element -> contents.shown() == Type.SET
                                ? key(element.name())
                                : contents.shown() == Type.LIST
                                        ? value(element.value())
                                        : key(element.name()) + "=" + value(element.value()))
                        .collect(Collectors.joining(" ", "{", shown.size() > ITEMS_MAX ? " ...}" : "}"));
    }

    private static String siblings(Contents.Element element) {
        List<Candidate> candidates = element.candidates();
        return switch (candidates.size()) {
            case 0, 1 -> "";
            case 2 -> " (sibling " + value(candidates.getLast().value()) + ")";
            default -> " (" + (candidates.size() - 1) + " siblings)";
        };
    }

    static String reason(String why) {
        return PlainText.of(why, REASON_CHARACTERS_MAX);
    }

    /** A fault as the trace describes it, with a word for its kind unless the description has it. */
    static String fault(Event.Kind kind, String what) {
        String word = switch (kind) {
            case CUT -> "cut";
            case DISTURBED -> "disturbed";
            case SLOWED -> "slow";
            case KILLED -> "killed";
            case FSYNC_FAILED -> "fsync";
            case POWER_LOST -> "power lost";
            case WIPED -> "wiped";
            case RESTORED -> "restored";
            case ROLLED_BACK -> "rolled back";
            case CLOCK_CHANGED -> "clock";
            case PAUSED -> "paused";
        };
        boolean said = what.toLowerCase(Locale.ROOT).contains(word);
        return said ? reason(what) : what.isEmpty() ? word : word + ": " + reason(what);
    }

    static String shortened(List<String> items) {
        return items.size() <= ITEMS_MAX
                ? String.join(", ", items)
                : String.join(", ", items.subList(0, ITEMS_MAX)) + " and " + (items.size() - ITEMS_MAX) + " more";
    }

    private static String key(String key) {
        return PlainText.of(key, KEY_CHARACTERS_MAX);
    }

    private static String value(String value) {
        return PlainText.of(value, VALUE_CHARACTERS_MAX);
    }
}
