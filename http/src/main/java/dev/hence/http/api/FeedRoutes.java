package dev.hence.http.api;

import static dev.hence.http.exchange.Route.Method.GET;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hence.core.clock.HybridLogicalClock;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.http.exchange.Answer;
import dev.hence.http.exchange.ErrorCode;
import dev.hence.http.exchange.Exchange;
import dev.hence.http.exchange.HttpProblem;
import dev.hence.http.exchange.Query;
import dev.hence.http.exchange.ResponseStream;
import dev.hence.http.exchange.Route;
import dev.hence.http.json.Json;
import dev.hence.http.json.JsonClocks;
import dev.hence.node.session.MalformedTokenException;
import dev.hence.node.session.SessionTokens;
import dev.hence.node.store.Store;
import dev.hence.node.store.Store.DeliveryFeed;
import dev.hence.node.store.UpdatesGoneException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /feed}: every update once, as JSON lines, in the order in which this node delivered them, so never
 * an effect before its cause.
 *
 * <p>A line ends with a token that stands for it and all before it, with which any node goes on. An idle
 * feed carries empty lines: they keep proxies from closing it, and let the node notice that its reader is
 * gone.
 */
public final class FeedRoutes {

    private static final Logger log = LoggerFactory.getLogger(FeedRoutes.class);

    private static final String TYPE = "application/x-ndjson";

    private final Store store;
    private final SessionTokens tokens;
    private final Duration keepAlive;

    /** @param keepAlive how long a feed may be silent */
    public FeedRoutes(Store store, SessionTokens tokens, Duration keepAlive) {
        this.store = store;
        this.tokens = tokens;
        this.keepAlive = keepAlive;
    }

    /** What is answered here. */
    public List<Route> routes() {
        return List.of(new Route(
                GET, "/feed", "Follow all updates", Set.of("after", "follow", JsonClocks.PARAMETER), this::feed));
    }

    private Answer feed(Exchange exchange) {
        Query query = exchange.query();
        VersionVector after = after(query);
        boolean follow = query.flag("follow", true);
        JsonClocks.of(query, store.members());
        store.gone(after).ifPresent(gone -> {
            throw new HttpProblem(
                    ErrorCode.UPDATES_GONE,
                    "after: " + gone.getMessage() + " (expected: a later token; read the keys with GET /kv and follow"
                            + " from the token of that response)");
        });
        VersionVector present = store.clock();
        return Answer.streamed(present.join(after), TYPE, output -> {
            try (DeliveryFeed feed = store.feedAfter(after, output.memory());
                    JsonGenerator json = Json.generator(output)) {
                Lines lines = new Lines(output, json, query);
                if (follow) {
                    follow(feed, lines);
                } else {
                    copyUpTo(present, after, feed, lines);
                }
            } catch (UpdatesGoneException tooSlow) {
                // The stream ends here; a reader that asks again is told.
                log.warn("A feed ends: {}", tooSlow.getMessage());
            }
        });
    }

    private VersionVector after(Query query) {
        String token = query.text("after");
        try {
            return token == null ? VersionVector.EMPTY : tokens.decodeAll(token);
        } catch (MalformedTokenException malformed) {
            throw new HttpProblem(ErrorCode.SESSION_TOKEN, "after: " + malformed.getMessage());
        }
    }

    private void follow(DeliveryFeed feed, Lines lines) throws Exception {
        while (!feed.ended() && !lines.output.ended()) {
            followNext(feed, lines);
        }
    }

    /** Apart from its loop, so that what was sent is not held by the thread that waits for the next. */
    private void followNext(DeliveryFeed feed, Lines lines) throws Exception {
        List<DeliveryFeed.Item> items = feed.next(keepAlive);
        if (items.isEmpty()) {
            lines.writeEmpty();
        } else {
            lines.write(items);
        }
    }

    private void copyUpTo(VersionVector present, VersionVector after, DeliveryFeed feed, Lines lines) throws Exception {
        VersionVector seen = after;
        while (!seen.descends(present) && !feed.ended() && !lines.output.ended()) {
            seen = copyNext(present, seen, feed, lines);
        }
    }

    private VersionVector copyNext(VersionVector present, VersionVector after, DeliveryFeed feed, Lines lines)
            throws Exception {
        VersionVector seen = after;
        List<DeliveryFeed.Item> items = feed.next(keepAlive);
        int count = 0;
        while (count < items.size() && !seen.descends(present)) {
            seen = seen.join(items.get(count++).clock());
        }
        if (count == 0) {
            // It waits for memory.
            lines.writeEmpty();
        } else {
            lines.write(items.subList(0, count));
        }
        return seen;
    }

    /** Writes updates as lines. Belongs to the thread of its feed. */
    private final class Lines {
        private final ResponseStream output;
        private final JsonGenerator json;
        private final Query query;

        Lines(ResponseStream output, JsonGenerator json, Query query) {
            this.output = output;
            this.json = json;
            this.query = query;
        }

        void writeEmpty() throws IOException {
            output.write('\n');
            output.flush();
        }

        void write(List<DeliveryFeed.Item> items) throws IOException {
            JsonClocks clocks = JsonClocks.of(query, store.members());
            for (DeliveryFeed.Item item : items) {
                write(item, clocks);
            }
            json.flush();
        }

        private void write(DeliveryFeed.Item item, JsonClocks clocks) throws IOException {
            Update update = item.update();
            json.writeStartObject();
            JsonClocks.write(json, "dot", update.dot());
            json.writeStringField("node_id", update.dot().replica().name());
            clocks.write(json, "vector_clock", update.clock());
            json.writeNumberField("timestamp_millis", HybridLogicalClock.wallMillis(update.timestamp()));
            json.writeArrayFieldStart("operations");
            for (Operation operation : update.operations()) {
                if (!(operation instanceof Operation.Publish publish && publish.isHidden())) {
                    KeysJson.write(json, operation, true);
                }
            }
            json.writeEndArray();
            json.writeStringField("token", tokens.encode(item.clock()));
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }
}
