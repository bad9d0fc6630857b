package dev.hence.cli.client;

import dev.hence.cli.command.CommandFailure;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A request that can be made on the command line and in the shell. */
enum Verb {
    WRITE("KEY VALUE", 2, 2, "write a value"),
    READ("KEY", 1, 1, "read a value, and the concurrent values"),
    DELETE("KEY", 1, 1, "delete a key"),
    SCAN("[PREFIX]", 0, 1, "list the keys with the prefix, in order"),
    STATUS("", 0, 0, "show the node: its clock, its members, waiting updates");

    private final String parameters;
    private final int parametersMin;
    private final int parametersMax;
    private final String summary;

    Verb(String parameters, int parametersMin, int parametersMax, String summary) {
        this.parameters = parameters;
        this.parametersMin = parametersMin;
        this.parametersMax = parametersMax;
        this.summary = summary;
    }

    /** The word for it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The word with what follows it: {@code write KEY VALUE}. */
    String usage() {
        return (word() + " " + parameters).strip();
    }

    /** What it does, in a few words. */
    String summary() {
        return summary;
    }

    /** Whether its first parameter is a key or the beginning of one. */
    boolean takesKey() {
        return parametersMax > 0;
    }

    /** The verb that a request begins with; the rest of the request fits it. */
    static Verb of(List<String> request) throws CommandFailure {
        for (Verb verb : values()) {
            if (verb.word().equals(request.getFirst())) {
                int parameters = request.size() - 1;
                if (parameters < verb.parametersMin || parameters > verb.parametersMax) {
                    throw CommandFailure.usage(String.join(" ", request) + ": " + parameters + " parameters (expected: "
                            + verb.usage() + ")");
                }
                return verb;
            }
        }
        String verbs = Arrays.stream(values()).map(Verb::word).collect(Collectors.joining(", "));
        throw CommandFailure.usage(request.getFirst() + ": unknown request (expected: " + verbs + ")");
    }
}
