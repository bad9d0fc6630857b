package dev.hence.node.writer;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.node.store.ReplicaNames;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs for each update when it is written, received, buffered while it waits for another one, and delivered. Silent
 * unless enabled.
 *
 * <p>Thread-safe.
 */
public final class UpdateLogger {

    private static final Logger log = LoggerFactory.getLogger("dev.hence.updates");
    private static final int KEYS_SHOWN_MAX = 5;

    private final boolean told;

    public UpdateLogger(boolean told) {
        this.told = told;
    }

    void committed(List<Update> delivered, ReplicaId self) {
        if (told) {
            for (Update update : delivered) {
                String verb = update.dot().replica().equals(self) ? "written" : "delivered";
                log.info("{} {} with {}: {}", verb, dot(update.dot()), clock(update), operations(update));
            }
        }
    }

    void received(Update update, Receipt receipt, String through) {
        if (!told) {
            return;
        }
        log.info("received {} from {}", dot(update.dot()), through);
        switch (receipt) {
            case Receipt.Buffered buffered ->
                log.info("buffered {}, waiting for {}", dot(update.dot()), dot(buffered.waitingFor()));
            case Receipt.Duplicate duplicate -> log.info("dropped {}, a duplicate", dot(update.dot()));
            case Receipt.Refused refused -> log.info("postponed {}, the buffer is full", dot(update.dot()));
            case Receipt.Forgotten forgotten ->
                log.info("postponed {}, which has seen {} of this node", dot(update.dot()), dot(forgotten.seen()));
            case Receipt.AheadOfTime ahead ->
                log.info("postponed {}, {} ms ahead of this node's clock", dot(update.dot()), ahead.aheadMillis());
            case Receipt.Forked forked ->
                log.info("rejected {}, which depends on other updates than this node has", dot(update.dot()));
            case Receipt.Delivered delivered -> {} // told when it is committed
        }
    }

    private static String dot(Dot dot) {
        return dot.replica().name() + ":" + dot.counter();
    }

    private static String clock(Update update) {
        return ReplicaNames.byName(update.clock(), List.of()).toString();
    }

    private static String operations(Update update) {
        String shown = update.operations().stream()
                .limit(KEYS_SHOWN_MAX)
                .map(UpdateLogger::operation)
                .collect(Collectors.joining(", "));
        int more = update.operations().size() - KEYS_SHOWN_MAX;
        return more > 0 ? shown + " and " + more + " more" : shown;
    }

    private static String operation(Operation operation) {
        return switch (operation) {
            case Operation.SetString set -> "set " + set.key();
            case Operation.DeleteKey delete -> "delete " + delete.key();
            case Operation.Assign assign -> "put into the " + assign.type() + " " + assign.key();
            case Operation.Remove remove -> "remove from the " + remove.type() + " " + remove.key();
            case Operation.Increment increment -> "add " + increment.delta() + " in " + increment.key();
            case Operation.Expire expire -> "set the deadline of " + expire.key();
            case Operation.Publish publish -> "publish to " + publish.channel();
        };
    }
}
