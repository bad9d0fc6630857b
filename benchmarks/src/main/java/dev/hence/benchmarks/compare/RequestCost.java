package dev.hence.benchmarks.compare;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What a request costs: the CPU time of the origin and of both followers, its latency, and what the origin allocates.
 *
 * <p>CPU time is compared because it hardly depends on what else the machine does. Before it is read, the followers have
 * all updates and the servers are quiet, so that work that is only postponed is counted as well.
 */
final class RequestCost {

    private static final int SERVERS = 3;
    private static final List<Measure> CPU =
            List.of(Measure.CPU_ORIGIN, Measure.CPU_FOLLOWER_1, Measure.CPU_FOLLOWER_2);

    private RequestCost() {}

    static void run(Run run) throws BenchmarkException, IOException, InterruptedException {
        for (Policy policy : run.options().policies) {
            run.alternate(policy, SERVERS, (servers, round) -> {
                Recorder recorder = new Recorder(run.figures(), policy, round);
                servers.startAll();
                run.warmUp(servers);
                for (int pipeline : run.options().pipelines) {
                    for (String test : run.options().tests) {
                        measure(run, servers, test, pipeline, recorder);
                    }
                }
                double resident = 0;
                for (ServerProcess server : servers.processes()) {
                    resident += server.residentBytes() / (double) (1 << 20) / SERVERS;
                }
                recorder.add("at the end", servers, Measure.RESIDENT, resident);
            });
            run.figures().printTable("requests, " + policy);
        }
    }

    private record Recorder(Figures figures, Policy policy, int round) {
        void add(String test, Servers servers, Measure measure, double value) {
            figures.add("requests", policy, test, round, servers.system(), measure, value);
        }
    }

    private static void measure(Run run, Servers servers, String test, int pipeline, Recorder recorder)
            throws BenchmarkException, IOException, InterruptedException {
        int requests = pipeline == 1 ? run.options().requestsSingle : run.options().requests;
        String name = test.toUpperCase(Locale.ROOT) + " -P " + pipeline;
        List<ServerProcess> processes = servers.processes();
        OptionalLong allocatedBefore = servers.allocatedBytes();
        Machine machine = Machine.observe(servers);
        long[] before = new long[SERVERS];
        for (int i = 0; i < SERVERS; i++) {
            before[i] = processes.get(i).cpuMicros();
        }

        LoadResult load = run.load(servers, test, pipeline, requests);
        servers.awaitQuiet();

        double sum = 0;
        for (int i = 0; i < SERVERS; i++) {
            double micros = (processes.get(i).cpuMicros() - before[i]) / (double) requests;
            recorder.add(name, servers, CPU.get(i), micros);
            sum += micros;
        }
        recorder.add(name, servers, Measure.CPU_ALL, sum);
        recorder.add(name, servers, Measure.THROUGHPUT, load.requestsPerSecond());
        recorder.add(name, servers, Measure.P50, load.p50Millis());
        recorder.add(name, servers, Measure.P99, load.p99Millis());
        recorder.add(name, servers, Measure.P999, load.p999Millis());
        if (allocatedBefore.isPresent()) {
            long allocated = servers.allocatedBytes().orElseThrow() - allocatedBefore.orElseThrow();
            recorder.add(name, servers, Measure.ALLOCATED, allocated / (double) requests);
        }
        recorder.add(name, servers, Measure.OTHERS, machine.othersPercent(servers));
    }
}
