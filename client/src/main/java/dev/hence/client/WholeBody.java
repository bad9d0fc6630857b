package dev.hence.client;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The body of an answer in memory, up to a limit. */
final class WholeBody implements BodySubscriber<Bytes> {

    /** The body is larger than the client is willing to take. */
    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException(int bytesMax) {
            super("answer: more than " + bytesMax + " bytes (expected: at most answerBytesMax)");
        }
    }

    private final int bytesMax;
    private final CompletableFuture<Bytes> whole = new CompletableFuture<>();
    private final List<ByteBuffer> parts = new ArrayList<>();
    private long length;
    private Flow.@Nullable Subscription subscription;

    WholeBody(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    @Override
    public CompletionStage<Bytes> getBody() {
        return whole;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> received) {
        for (ByteBuffer part : received) {
            length += part.remaining();
        }
        if (length <= bytesMax) {
            parts.addAll(received);
            return;
        }
        parts.clear();
        if (subscription != null) {
            subscription.cancel();
        }
        whole.completeExceptionally(new TooLargeException(bytesMax));
    }

    @Override
    public void onError(Throwable failure) {
        parts.clear();
        whole.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        ByteBuffer joined = ByteBuffer.allocate(Math.toIntExact(length));
        parts.forEach(joined::put);
        whole.complete(Bytes.wrap(joined.array()));
    }
}
