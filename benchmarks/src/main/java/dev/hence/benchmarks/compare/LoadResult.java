package dev.hence.benchmarks.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What one run of redis-benchmark measured. */
record LoadResult(double requestsPerSecond, double p50Millis, double p99Millis, double p999Millis) {

    private static final Pattern THROUGHPUT = Pattern.compile("throughput summary: ([0-9.]+) requests per second");
    private static final Pattern PERCENTILE = Pattern.compile("([0-9.]+)% <= ([0-9.]+) milliseconds");
    private static final String PERCENTILES = "Latency by percentile distribution:";

    /** Sends requests to a server, all of one kind. */
    static LoadResult measure(int port, String test, int pipeline, int requests, Options options)
            throws BenchmarkException, IOException, InterruptedException {
        List<String> command = List.of(
                "redis-benchmark",
                "-p",
                Integer.toString(port),
                "-t",
                test,
                "-P",
                Integer.toString(pipeline),
                "-c",
                Integer.toString(options.clients),
                "-n",
                Integer.toString(requests),
                "-r",
                Integer.toString(options.keys),
                "-d",
                Integer.toString(options.valueBytes));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0 || !output.contains(PERCENTILES)) {
            String last = output.lines().reduce("", (before, line) -> line.isBlank() ? before : line.strip());
            throw new BenchmarkException(String.join(" ", command) + ": " + last);
        }
        return parse(output);
    }

    /**
     * Reads the report of redis-benchmark. It gives percentiles at halving distances from 100, so that each one is
     * rounded up to the next that it gives: 99.219 for the 99th, 99.902 for the 99.9th.
     */
    static LoadResult parse(String output) throws BenchmarkException {
        double throughput = THROUGHPUT
                .matcher(output)
                .results()
                .mapToDouble(match -> Double.parseDouble(match.group(1)))
                .findFirst()
                .orElseThrow(() -> new BenchmarkException("redis-benchmark: no throughput in its report"));
        String distribution = output.substring(Math.max(0, output.indexOf(PERCENTILES)));
        List<MatchResult> percentiles =
                PERCENTILE.matcher(distribution).results().toList();
        return new LoadResult(throughput, millis(percentiles, 50), millis(percentiles, 99), millis(percentiles, 99.9));
    }

    private static double millis(List<MatchResult> percentiles, double percent) throws BenchmarkException {
        return percentiles.stream()
                .filter(match -> Double.parseDouble(match.group(1)) >= percent)
                .mapToDouble(match -> Double.parseDouble(match.group(2)))
                .findFirst()
                .orElseThrow(() -> new BenchmarkException(
                        String.format(Locale.ROOT, "redis-benchmark: no percentile from %.1f on", percent)));
    }
}
