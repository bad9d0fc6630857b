package dev.hence.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as lines that are read as they arrive.
 *
 * <p>One thread reads; any thread may close. Back-pressure: the next piece is asked for when the one before
 * has been read, so a slow reader holds no more than a piece or two and the node waits.
 */
final class LineStream implements BodySubscriber<LineStream>, AutoCloseable {

    /** What comes from the connection's thread to the reader. */
    private sealed interface Signal {
        record Received(List<ByteBuffer> pieces) implements Signal {}

        record Failed(Throwable failure) implements Signal {}

        enum End implements Signal {
            COMPLETE,
            CLOSED
        }
    }

    private final int lineBytesMax;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    // Of the reader only.
    private final Queue<ByteBuffer> unread = new ArrayDeque<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private @Nullable Signal last;

    LineStream(int lineBytesMax) {
        this.lineBytesMax = lineBytesMax;
    }

    /**
     * The next line without its end, waiting for it at most until the deadline; empty when the stream has
     * come to its end.
     *
     * @throws IOException if the stream broke, was closed, ended within a line, or was silent for too long
     */
    Optional<Bytes> nextLine(Deadline deadline) throws IOException, InterruptedException {
        while (true) {
            ByteBuffer piece = unread.peek();
            if (piece == null) {
                if (!receive(deadline)) {
                    if (line.size() > 0) {
                        throw new IOException("the stream ended in the middle of a line");
                    }
                    return Optional.empty();
                }
            } else if (takeUntilLineEnd(piece)) {
                Bytes whole = Bytes.wrap(line.toByteArray());
                line.reset();
                return Optional.of(whole);
            } else {
                unread.remove();
            }
        }
    }

    /** All that is left, lines or not. */
    Bytes readAll(Deadline deadline) throws IOException, InterruptedException {
        do {
            for (ByteBuffer piece = unread.poll(); piece != null; piece = unread.poll()) {
                take(piece, piece.remaining());
            }
        } while (receive(deadline));
        return Bytes.wrap(line.toByteArray());
    }

    // Whether the line is complete now.
    private boolean takeUntilLineEnd(ByteBuffer piece) throws IOException {
        for (int at = piece.position(); at < piece.limit(); at++) {
            if (piece.get(at) == '\n') {
                take(piece, at - piece.position());
                piece.get();
                return true;
            }
        }
        take(piece, piece.remaining());
        return false;
    }

    private void take(ByteBuffer piece, int length) throws IOException {
        if (line.size() + (long) length > lineBytesMax) {
            throw new WholeBody.TooLargeException(lineBytesMax);
        }
        byte[] bytes = new byte[length];
        piece.get(bytes);
        line.writeBytes(bytes);
    }

    // Whether there is something to read again; not so at the end.
    private boolean receive(Deadline deadline) throws IOException, InterruptedException {
        if (last == null) {
            last = signals.poll(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
        }
        return switch (last) {
            case null -> throw new IOException("nothing came for too long");
            case Signal.Failed(Throwable failure) -> throw new IOException(failure);
            case Signal.End.CLOSED -> throw new IOException("closed");
            case Signal.End.COMPLETE -> false;
            case Signal.Received(List<ByteBuffer> pieces) -> {
                unread.addAll(pieces);
                last = null;
                subscription.join().request(1);
                yield true;
            }
        };
    }

    @Override
    public void close() {
        signals.add(Signal.End.CLOSED);
        var _ = subscription.thenAccept(Flow.Subscription::cancel);
    }

    @Override
    public CompletionStage<LineStream> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription.complete(subscription);
        subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> pieces) {
        signals.add(new Signal.Received(pieces));
    }

    @Override
    public void onError(Throwable failure) {
        signals.add(new Signal.Failed(failure));
    }

    @Override
    public void onComplete() {
        signals.add(Signal.End.COMPLETE);
    }
}
