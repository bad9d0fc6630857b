package dev.hence.client;

import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;

/**
 * How the body of an answer is read: whole, or as a stream.
 *
 * @param <B> what it becomes
 */
interface BodyKind<B> {

    /** Takes the body into memory. */
    BodyKind<Bytes> WHOLE = new BodyKind<>() {
        @Override
        public BodyHandler<Bytes> handler(int bytesMax) {
            return head -> new WholeBody(bytesMax);
        }

        @Override
        public Bytes readRefusal(Bytes body, Deadline deadline) {
            return body;
        }
    };

    /** Leaves the body on the connection, to be read as it comes. */
    BodyKind<LineStream> LINES = new BodyKind<>() {
        @Override
        public BodyHandler<LineStream> handler(int bytesMax) {
            return head -> new LineStream(bytesMax);
        }

        @Override
        public Bytes readRefusal(LineStream body, Deadline deadline) throws IOException, InterruptedException {
            try (body) {
                return body.readAll(deadline);
            }
        }
    };

    /** Receives the body; more bytes than given, in all or in a line, are an error. */
    BodyHandler<B> handler(int bytesMax);

    /** The body of an answer that is an error document. */
    Bytes readRefusal(B body, Deadline deadline) throws IOException, InterruptedException;
}
