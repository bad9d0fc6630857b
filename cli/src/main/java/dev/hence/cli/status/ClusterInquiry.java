package dev.hence.cli.status;

import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.ExitCode;
import dev.hence.client.HenceClient;
import dev.hence.client.HenceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks several nodes for their status, all at the same time, so that a dead one delays nothing else. */
final class ClusterInquiry implements AutoCloseable {

    private final List<HenceClient> clients = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    ClusterInquiry(List<String> urls, Duration timeout) throws CommandFailure {
        for (String url : urls) {
            try {
                clients.add(HenceClient.builder()
                        .nodes(url)
                        .deadline(timeout)
                        .connectTimeout(timeout)
                        .roundsMax(1)
                        .build());
            } catch (IllegalArgumentException malformed) {
                close();
                throw new CommandFailure(ExitCode.USAGE, "usage", String.valueOf(malformed.getMessage()), malformed);
            }
        }
    }

    /** The answers, in the order of the URLs. */
    List<NodeReport> ask() throws InterruptedException {
        List<Future<NodeReport>> answers = clients.stream()
                .map(client -> threads.submit(() -> ask(client)))
                .toList();
        List<NodeReport> reports = new ArrayList<>();
        for (Future<NodeReport> answer : answers) {
            try {
                reports.add(answer.get());
            } catch (ExecutionException bug) {
                throw new IllegalStateException(bug.getCause());
            }
        }
        return reports;
    }

    private static NodeReport ask(HenceClient client) {
        String url = client.nodes().getFirst().toString();
        try {
            return NodeReport.of(url, client.status());
        } catch (HenceException failure) {
            return NodeReport.of(url, failure);
        }
    }

    @Override
    public void close() {
        threads.close();
        clients.forEach(HenceClient::close);
    }
}
