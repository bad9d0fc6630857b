package dev.hence.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The command {@code benchmarks/compare}: runs the benchmarks that were asked for, and prints and stores the figures. */
public final class Compare {

    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private Compare() {}

    /** Arguments: the location of this build, then what the user gave. */
    public static void main(String[] arguments) throws InterruptedException {
        Options options = new Options();
        CommandLine line = new CommandLine(options);
        try {
            line.parseArgs(List.of(arguments).subList(1, arguments.length).toArray(String[]::new));
            if (options.helpRequested) {
                line.usage(System.out);
                return;
            }
            run(Path.of(arguments[0]), options);
        } catch (ParameterException wrong) {
            complain(wrong.getMessage() + " (--help describes all arguments)");
            System.exit(USAGE);
        } catch (BenchmarkException | IOException failed) {
            complain(failed.getMessage());
            System.exit(FAILED);
        }
    }

    private static void complain(@Nullable String message) {
        System.err.println("benchmarks/compare: " + message);
    }

    private static void run(Path home, Options options) throws BenchmarkException, IOException, InterruptedException {
        List<ServerSystem> systems = systems(home, options);
        if (!RedisServers.onPath("redis-benchmark")) {
            throw new BenchmarkException(
                    "redis-benchmark: not on the PATH (expected: the Debian package redis-tools, or the like)");
        }
        // What is missing is reported before a build of Hence is waited for.
        for (ServerSystem system : systems.reversed()) {
            system.prepare();
        }
        Path work = Files.createTempDirectory("hence-compare-");
        List<String> names = systems.stream().map(ServerSystem::name).toList();
        try (Figures figures = new Figures(options.csv, names)) {
            Run run = new Run(options, systems, figures, work);
            System.out.println(Machine.describe());
            for (Benchmark benchmark : options.benchmarks()) {
                benchmark.run(run);
            }
            System.out.println("\nfigures of every round: " + options.csv);
        } finally {
            ServerProcess.killAll();
            DeletedTree.delete(work);
        }
    }

    private static List<ServerSystem> systems(Path home, Options options) throws BenchmarkException {
        List<ServerSystem> systems = new ArrayList<>();
        systems.add(new HenceServers("hence", home));
        for (Path build : options.builds) {
            systems.add(new HenceServers(build.toAbsolutePath().normalize().toString(), build));
        }
        if (!options.withoutRedis) {
            systems.add(new RedisServers());
        }
        return systems;
    }
}
