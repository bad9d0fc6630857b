package dev.hence.simulator.diagram;

import dev.hence.simulator.trace.Candidate;
import dev.hence.simulator.trace.Change;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How requests, values and faults are put into words, each in a part of a line. */
final class Words {
    private static final int KEY_CHARACTERS_MAX = 16;
    private static final int VALUE_CHARACTERS_MAX = 16;
    private static final int REASON_CHARACTERS_MAX = 80;
    private static final int ITEMS_MAX = 3;

    private Words() {}

    /** Who asks: {@code c1}, or {@code c1 s2} within a session. */
    static String client(Request request) {
        String client = "c" + request.client();
        if (!request.inSession()) {
            return client;
        }
        String session = PlainText.of(request.session(), KEY_CHARACTERS_MAX);
        return session.startsWith(client) ? session : client + " " + session;
    }

    /** What is asked: {@code x=A, del y}, or {@code x?}. */
    static String asked(Request request) {
        List<String> items = new ArrayList<>();
        request.reads().forEach(key -> items.add(key(key) + "?"));
        request.writes().forEach(change -> items.add(change(change)));
        return shortened(items);
    }

    static String changes(List<Change> changes) {
        return changes.isEmpty()
                ? "no key"
                : shortened(changes.stream().map(Words::change).toList());
    }

    private static String change(Change change) {
        String value = change.value();
        return value == null ? "del " + key(change.key()) : key(change.key()) + "=" + value(value);
    }

    /** What was read: {@code x -> A, y -> absent}. */
    static String read(List<String> keys, List<List<Candidate>> values) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            items.add(read(keys.get(i), i < values.size() ? values.get(i) : List.of()));
        }
        return shortened(items);
    }

    static String read(String key, List<Candidate> candidates) {
        String prefix = key(key) + " -> ";
        return switch (candidates.size()) {
            case 0 -> prefix + "absent";
            case 1 -> prefix + value(candidates.getFirst().value());
            case 2 ->
                prefix + value(candidates.getFirst().value()) + " (sibling "
                        + value(candidates.getLast().value()) + ")";
            default -> prefix + value(candidates.getFirst().value()) + " (" + (candidates.size() - 1) + " siblings)";
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
