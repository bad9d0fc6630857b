package dev.hence.benchmarks.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The figures of a run. Each goes to a file at once, one line each; tables show the medians of the rounds, and how many
 * times better the first system is than each other one.
 */
final class Figures implements AutoCloseable {

    private final List<String> systems;
    private final PrintStream csv;
    private final Map<String, Map<Measure, Map<String, List<Double>>>> tests = new LinkedHashMap<>();

    /** @param systems names, in the order of columns */
    Figures(Path csv, List<String> systems) throws IOException {
        this.systems = List.copyOf(systems);
        this.csv = new PrintStream(Files.newOutputStream(csv), true);
        this.csv.println("benchmark,policy,test,round,system,measure,value");
    }

    /** Adds one figure of one round. */
    void add(String benchmark, Policy policy, String test, int round, String system, Measure measure, double value) {
        csv.printf(
                Locale.ROOT,
                "%s,%s,%s,%d,%s,\"%s\",%s%n",
                benchmark,
                policy,
                test,
                round,
                system,
                measure.label(),
                Double.toString(value));
        tests.computeIfAbsent(test, absent -> new EnumMap<>(Measure.class))
                .computeIfAbsent(measure, absent -> new LinkedHashMap<>())
                .computeIfAbsent(system, absent -> new ArrayList<>())
                .add(value);
    }

    /** Prints what was added since the last table. */
    void printTable(String title) {
        System.out.println(table(title));
        tests.clear();
    }

    String table(String title) {
        StringBuilder table = new StringBuilder();
        table.append(String.format(Locale.ROOT, "%n%-22s %-34s", title, ""));
        systems.forEach(system -> table.append(column(system)));
        systems.stream().skip(1).forEach(system -> table.append(column("x " + system)));
        table.append('\n');
        tests.forEach((test, measures) -> {
            String name = test;
            for (Map.Entry<Measure, Map<String, List<Double>>> each : measures.entrySet()) {
                table.append(String.format(
                        Locale.ROOT, "%-22s %-34s", name, each.getKey().label()));
                table.append(values(each.getKey(), each.getValue())).append('\n');
                name = "";
            }
        });
        return table.toString();
    }

    private String values(Measure measure, Map<String, List<Double>> rounds) {
        StringBuilder line = new StringBuilder();
        for (String system : systems) {
            line.append(column(number(median(rounds.getOrDefault(system, List.of())))));
        }
        double first = median(rounds.getOrDefault(systems.getFirst(), List.of()));
        for (String system : systems.subList(1, systems.size())) {
            double ratio = measure.ratio(first, median(rounds.getOrDefault(system, List.of())));
            line.append(column(Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "%.2f", ratio)));
        }
        return line.toString();
    }

    /** The ends of long names say more than their beginnings. */
    private static String column(String text) {
        int width = 14;
        return String.format(Locale.ROOT, " %" + width + "s", text.substring(Math.max(0, text.length() - width)));
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        return String.format(Locale.ROOT, Math.abs(value) < 1_000 ? "%.2f" : "%,.0f", value);
    }

    /** The lower one of two in the middle; NaN of nothing. */
    static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        return values.stream().sorted().toList().get((values.size() - 1) / 2);
    }

    @Override
    public void close() {
        csv.close();
    }
}
