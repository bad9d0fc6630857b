package dev.hence.benchmarks;

import dev.hence.client.ChangeFeed;
import dev.hence.client.HenceClient;
import dev.hence.client.Operation;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * How long a write takes to be visible at a peer: one client writes at one node, one write at a time, and
 * another follows the change feed of the other node.
 *
 * <p>Printed are the time from sending the write to its answer, and the times from sending it and from its
 * answer to the moment when the follower has it. The last one can be below zero: the peer may show a write
 * before its writer has read the answer.
 */
public final class VisibilityLatency {

    private static final int WARM_UP = 2_000;

    private record Seen(String value, long nanos) {}

    private VisibilityLatency() {}

    /** Arguments: the URL to write at, the URL to watch, the number of writes (5,000). */
    public static void main(String[] args) throws Exception {
        int writes = args.length > 2 ? Integer.parseInt(args[2]) : 5_000;
        BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
        try (HenceClient writer = HenceClient.connect(args[0]);
                HenceClient watcher = HenceClient.connect(args[1])) {
            writer.put("visibility", "begin");
            try (ChangeFeed feed = watcher.changes(writer.sessionToken())) {
                Thread.ofPlatform().daemon().start(() -> watch(feed, seen));
                measure(writer, seen, WARM_UP);
                print(measure(writer, seen, writes));
            }
        }
    }

    private static void watch(ChangeFeed feed, BlockingQueue<Seen> seen) {
        while (feed.hasNext()) {
            for (Operation operation : feed.next().operations()) {
                if (operation instanceof Operation.Put put) {
                    seen.add(new Seen(put.value().toString(), System.nanoTime()));
                }
            }
        }
    }

    private static long[][] measure(HenceClient writer, BlockingQueue<Seen> seen, int writes)
            throws InterruptedException {
        long[][] nanos = new long[3][writes];
        for (int i = 0; i < writes; i++) {
            String value = "write " + i + " of " + writes;
            long sent = System.nanoTime();
            writer.put("visibility", value);
            long answered = System.nanoTime();
            Seen visible = seen.poll(30, TimeUnit.SECONDS);
            if (visible == null || !visible.value().equals(value)) {
                throw new IllegalStateException("saw " + visible + " (expected: " + value + " within 30 s)");
            }
            nanos[0][i] = answered - sent;
            nanos[1][i] = visible.nanos() - sent;
            nanos[2][i] = visible.nanos() - answered;
        }
        return nanos;
    }

    private static void print(long[][] nanos) {
        System.out.println("write answered                    " + Percentiles.of(nanos[0]));
        System.out.println("visible at the peer, from sending " + Percentiles.of(nanos[1]));
        System.out.println("visible at the peer, from answer  " + Percentiles.of(nanos[2]));
    }
}
