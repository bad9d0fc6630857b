package dev.hence.node.writer;

import dev.hence.core.replica.Transaction;
import dev.hence.node.failure.NodeFailure;
import dev.hence.node.store.Store.Committed;
import dev.hence.node.store.WriteRound;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A round of one thread. Light tasks wait for its end; others are queued at once. */
public final class WriterRound implements WriteRound {

    private final Writer writer;
    private final WriteGate gate;
    private List<WriteTask<?>> light = new ArrayList<>();

    /** @param gate nothing is added while it is closed */
    public WriterRound(Writer writer, WriteGate gate) {
        this.writer = writer;
        this.gate = gate;
    }

    @Override
    public <R> Optional<List<CompletableFuture<Committed<R>>>> add(
            List<Transaction.Body<R>> bodies, boolean light, Runnable whenAnswered) {
        if (!gate.isOpen() || !writer.mayAcceptNow()) {
            return Optional.empty();
        }
        List<WriteTask<R>> tasks = writer.tasks(bodies);
        tasks.getLast().whenAnswered(whenAnswered);
        // Before the tasks are known to the writer: what follows must not fail.
        Optional<List<CompletableFuture<Committed<R>>>> answers = Optional.of(Writer.answers(tasks));
        if (light) {
            this.light.addAll(tasks);
            return answers;
        }
        return writer.offer(tasks) ? answers : Optional.empty();
    }

    @Override
    public void submit() {
        if (!light.isEmpty()) {
            List<WriteTask<?>> tasks = light;
            light = another();
            writer.runOrQueue(tasks);
        }
    }

    /** Retried while there is no memory for it: those who wait for the tasks wait for this. */
    private static List<WriteTask<?>> another() {
        while (true) {
            try {
                return new ArrayList<>();
            } catch (OutOfMemoryError again) {
                NodeFailure.pause();
            }
        }
    }
}
