package dev.hence.redis.node;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.redis.connection.Reply;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * That a request with a client's id was carried out, and what it was answered.
 *
 * <p>It is a message in the very update that carries the request out, on a channel nobody can subscribe to. So
 * either both are in the log or neither is, whatever the fsync policy and wherever a crash falls: a node that
 * starts again reads in its log which requests it has carried out.
 *
 * @param id chosen by the client
 * @param digest of the command's words
 * @param reply the answer
 */
public record RequestRecord(Bytes id, Bytes digest, Reply reply) {

    /** The channel of these messages. Clients cannot publish to channels that begin with it. */
    public static final Bytes CHANNEL = Bytes.utf8("\0hence:once");

    private static final Logger log = LoggerFactory.getLogger(RequestRecord.class);
    private static final int VERSION = 1;

    /** The digest of a command: equal only for the same words. */
    public static Bytes digest(List<Bytes> words) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (Bytes word : words) {
                sha.update(Bytes.utf8(word.length() + ":").array());
                sha.update(word.array());
            }
            return Bytes.wrap(sha.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** The message that stands for this. */
    public Bytes message() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            ReplyCodec.writeBytes(out, id);
            ReplyCodec.writeBytes(out, digest);
            ReplyCodec.write(out, reply);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Bytes.wrap(bytes.toByteArray());
    }

    /** What an update says of a request; empty if it says nothing, or in a form of a later version. */
    public static Optional<RequestRecord> of(Update update) {
        for (Operation operation : update.operations()) {
            if (operation instanceof Operation.Publish(Bytes channel, Bytes message) && channel.equals(CHANNEL)) {
                return parse(message);
            }
        }
        return Optional.empty();
    }

    private static Optional<RequestRecord> parse(Bytes message) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(message.array()))) {
            if (in.readByte() != VERSION) {
                return Optional.empty();
            }
            Bytes id = ReplyCodec.readBytes(in);
            return Optional.of(new RequestRecord(id, ReplyCodec.readBytes(in), ReplyCodec.read(in)));
        } catch (IOException malformed) {
            log.warn(
                    "The record of a request cannot be read, so its repetition would be carried out: {}",
                    malformed.toString());
            return Optional.empty();
        }
    }
}
