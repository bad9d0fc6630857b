package dev.hence.node.writer;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Update;
import dev.hence.node.store.OperationText;
import dev.hence.node.store.ReplicaNames;
import java.util.List;
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

    private final boolean told;

    public UpdateLogger(boolean told) {
        this.told = told;
    }

    void committed(List<Update> delivered, ReplicaId self) {
        if (told) {
            for (Update update : delivered) {
                String verb = update.dot().replica().equals(self) ? "written" : "delivered";
                log.info("{} {} with {}: {}", verb, dot(update.dot()), clock(update), OperationText.of(update));
            }
        }
    }

    void received(Frame frame, Receipt receipt, String through) {
        if (told) {
            frame.updates().forEach(update -> received(update, receipt, through));
        }
    }

    private static void received(Update update, Receipt receipt, String through) {
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
}
