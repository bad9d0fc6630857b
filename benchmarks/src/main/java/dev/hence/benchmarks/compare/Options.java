package dev.hence.benchmarks.compare;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the user asks for. */
@Command(
        name = "benchmarks/compare",
        sortOptions = false,
        description = "Compares three Hence nodes that follow each other with a redis-server and its two replicas.")
final class Options {

    /** The benchmarks by the names that users give. */
    enum Name {
        REQUESTS,
        VISIBILITY,
        CATCH_UP,
        START;

        Benchmark benchmark() {
            return switch (this) {
                case REQUESTS -> RequestCost::run;
                case VISIBILITY -> Visibility::run;
                case CATCH_UP -> CatchUpRate::run;
                case START -> StartTime::run;
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Parameters(
            paramLabel = "BENCHMARK",
            arity = "0..*",
            description = "requests: CPU time, throughput, latency and memory of SET, GET and INCR. "
                    + "visibility: time from a write at one node until another shows it. "
                    + "catch-up: speed of a follower that has missed updates. "
                    + "start: time and CPU time of starts. Default: all.")
    List<Name> names = List.of();

    @Option(names = "--hence", paramLabel = "DIR", description = "Another build of Hence to compare; repeatable.")
    List<Path> builds = List.of();

    @Option(names = "--without-redis", description = "Compares builds of Hence only.")
    boolean withoutRedis;

    @Option(names = "--rounds", description = "Rounds; medians are printed. Default: ${DEFAULT-VALUE}.")
    int rounds = 3;

    @Option(names = "--policies", split = ",", description = "Fsync policies. Default: ${DEFAULT-VALUE}.")
    List<Policy> policies = List.of(Policy.EVERYSEC, Policy.ALWAYS);

    @Option(names = "--tests", split = ",", description = "Tests of redis-benchmark. Default: ${DEFAULT-VALUE}.")
    List<String> tests = List.of("set", "get", "incr");

    @Option(
            names = "--pipelines",
            split = ",",
            description = "Requests that a client sends at once. Default: ${DEFAULT-VALUE}.")
    List<Integer> pipelines = List.of(16, 1);

    @Option(names = "--requests", description = "Requests of a test in pipelines. Default: ${DEFAULT-VALUE}.")
    int requests = 1_000_000;

    @Option(names = "--requests-single", description = "Requests of a test one by one. Default: ${DEFAULT-VALUE}.")
    int requestsSingle = 200_000;

    @Option(names = "--warm-up", description = "Requests before the first test of a turn. Default: ${DEFAULT-VALUE}.")
    int warmUp = 1_000_000;

    @Option(names = "--clients", description = "Connections. Default: ${DEFAULT-VALUE}.")
    int clients = 50;

    @Option(names = "--value-bytes", description = "Size of a value. Default: ${DEFAULT-VALUE}.")
    int valueBytes = 64;

    @Option(names = "--keys", description = "Number of different keys. Default: ${DEFAULT-VALUE}.")
    int keys = 1_000_000;

    @Option(
            names = "--rates",
            split = ",",
            description = "visibility: writes per second in the background. Default: ${DEFAULT-VALUE}.")
    List<Integer> rates = List.of(1_000, 10_000, 30_000);

    @Option(names = "--seconds", description = "visibility: duration at each rate. Default: ${DEFAULT-VALUE}.")
    int seconds = 10;

    @Option(names = "--missed", description = "catch-up: updates that the follower misses. Default: ${DEFAULT-VALUE}.")
    int missed = 5_000_000;

    @Option(names = "--updates", description = "start: updates before the restart. Default: ${DEFAULT-VALUE}.")
    int updates = 500_000;

    @Option(names = "--csv", paramLabel = "FILE", description = "File for all figures. Default: ${DEFAULT-VALUE}.")
    Path csv = Path.of("compare.csv");

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this text.")
    boolean helpRequested;

    List<Benchmark> benchmarks() {
        List<Name> chosen = names.isEmpty() ? Arrays.asList(Name.values()) : names;
        return chosen.stream().map(Name::benchmark).toList();
    }
}
