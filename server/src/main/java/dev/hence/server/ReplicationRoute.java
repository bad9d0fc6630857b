package dev.hence.server;

import dev.hence.engine.codec.MalformedRecordException;
import dev.hence.http.exchange.Answer;
import dev.hence.http.exchange.Bounds;
import dev.hence.http.exchange.ErrorCode;
import dev.hence.http.exchange.HttpProblem;
import dev.hence.http.exchange.Route;
import dev.hence.node.Node;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.peers.FeedService;

/** The route by which peers follow this node. */
final class ReplicationRoute {

    /** A handshake has one entry for each replica that was ever seen. */
    private static final int REQUEST_BYTES_MAX = 1 << 20;

    private ReplicationRoute() {}

    /** @param memory what all feeds together have read of the log and not yet sent */
    static Route of(FeedService feeds, Node node, MemoryBudget memory) {
        return Route.of(
                Route.Method.POST,
                "/replication/feed",
                "Follow an origin's updates (for peers; length-delimited protobuf both ways)",
                exchange -> {
                    byte[] request =
                            exchange.body(new Bounds.BodyLimit(ErrorCode.BODY_TOO_LARGE, "body", REQUEST_BYTES_MAX));
                    try {
                        FeedService.Feed feed = feeds.open(request);
                        return Answer.streamed(
                                node.clock(),
                                "application/x-protobuf",
                                output -> feed.writeTo(output, output.memory()),
                                memory);
                    } catch (MalformedRecordException malformed) {
                        throw HttpProblem.badRequest(String.valueOf(malformed.getMessage()));
                    }
                });
    }
}
