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
 * The record that a request with a client-chosen id was executed, with its reply.
 *
 * <p>It is the {@link Update#request} of the update that executes the request. So either both are in the log or neither
 * is, for any fsync policy and any crash, and a node that has one has the other. A node that restarts reads from its
 * log which requests were executed.
 *
 * <p>In logs of earlier versions it is a message on a channel, {@link Operation.Publish#isHidden}; both forms are read.
 *
 * @param id chosen by the client
 * @param digest of the command's words
 * @param reply the reply
 */
public record RequestRecord(Bytes id, Bytes digest, Reply reply) {

    /** The prefix of every record, and the channel name in earlier versions: the log is searched for it. */
    public static final Bytes MARK = Operation.Publish.HIDDEN_CHANNELS;

    private static final Logger log = LoggerFactory.getLogger(RequestRecord.class);
    private static final int VERSION = 1;

    /** The digest of a command: equal only for equal words. */
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

    /** The encoded record, as stored in an update. */
    public Bytes bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(MARK.array());
            out.writeByte(VERSION);
            ReplyCodec.writeBytes(out, id);
            ReplyCodec.writeBytes(out, digest);
            ReplyCodec.write(out, reply);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Bytes.wrap(bytes.toByteArray());
    }

    /** The record in an update; empty if there is none, or if its format is from a later version. */
    public static Optional<RequestRecord> of(Update update) {
        Bytes request = update.request();
        if (request.startsWith(MARK)) {
            return parse(request, MARK.length());
        }
        for (Operation operation : update.operations()) {
            if (operation instanceof Operation.Publish(Bytes channel, Bytes message) && channel.equals(MARK)) {
                return parse(message, 0);
            }
        }
        return Optional.empty();
    }

    private static Optional<RequestRecord> parse(Bytes bytes, int from) {
        try (DataInputStream in =
                new DataInputStream(new ByteArrayInputStream(bytes.array(), from, bytes.length() - from))) {
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
