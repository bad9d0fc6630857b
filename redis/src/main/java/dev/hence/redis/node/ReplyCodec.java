package dev.hence.redis.node;

import dev.hence.core.crdt.Bytes;
import dev.hence.redis.connection.Reply;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The binary encoding of replies, independent of the protocol version: a tag, then the content. It is part of the
 * update log, so the format of a tag never changes.
 */
final class ReplyCodec {

    private ReplyCodec() {}

    static void write(DataOutputStream out, Reply reply) throws IOException {
        switch (reply) {
            case Reply.Simple(String text) -> bytes(out, 's', Bytes.utf8(text));
            case Reply.Failure(String text) -> bytes(out, 'e', Bytes.utf8(text));
            case Reply.Verbatim(String text) -> bytes(out, 'v', Bytes.utf8(text));
            case Reply.Bulk(Bytes bytes) -> bytes(out, 'b', bytes);
            case Reply.Int(long number) -> {
                out.writeByte('i');
                out.writeLong(number);
            }
            case Reply.Real(double number) -> {
                out.writeByte('r');
                out.writeDouble(number);
            }
            case Reply.Bool(boolean value) -> out.writeByte(value ? 't' : 'f');
            case Reply.Null any -> out.writeByte('n');
            case Reply.NullArray any -> out.writeByte('N');
            case Reply.Array(List<Reply> elements) -> all(out, 'a', elements);
            case Reply.SetOf(List<Reply> elements) -> all(out, 'S', elements);
            case Reply.MapOf(List<Reply> keysAndValues) -> all(out, 'm', keysAndValues);
            case Reply.Pairs(List<Reply> elements) -> all(out, 'P', elements);
            case Reply.Push(List<Reply> elements) -> all(out, 'p', elements);
            case Reply.Several(List<Reply> replies) -> all(out, 'l', replies);
        }
    }

    private static void bytes(DataOutputStream out, char tag, Bytes bytes) throws IOException {
        out.writeByte(tag);
        writeBytes(out, bytes);
    }

    private static void all(DataOutputStream out, char tag, List<Reply> replies) throws IOException {
        out.writeByte(tag);
        out.writeInt(replies.size());
        for (Reply reply : replies) {
            write(out, reply);
        }
    }

    static void writeBytes(DataOutputStream out, Bytes bytes) throws IOException {
        out.writeInt(bytes.length());
        out.write(bytes.array());
    }

    /** @throws IOException if the bytes were not written by {@link #write} */
    static Reply read(DataInputStream in) throws IOException {
        int tag = in.readByte();
        return switch (tag) {
            case 's' -> simple(readBytes(in).toString());
            case 'e' -> new Reply.Failure(readBytes(in).toString());
            case 'v' -> new Reply.Verbatim(readBytes(in).toString());
            case 'b' -> new Reply.Bulk(readBytes(in));
            case 'i' -> Reply.of(in.readLong());
            case 'r' -> new Reply.Real(in.readDouble());
            case 't' -> new Reply.Bool(true);
            case 'f' -> new Reply.Bool(false);
            case 'n' -> Reply.NULL;
            case 'N' -> Reply.NULL_ARRAY;
            case 'a' -> new Reply.Array(readAll(in));
            case 'S' -> new Reply.SetOf(readAll(in));
            case 'm' -> new Reply.MapOf(readAll(in));
            case 'P' -> new Reply.Pairs(readAll(in));
            case 'p' -> new Reply.Push(readAll(in));
            case 'l' -> new Reply.Several(readAll(in));
            default -> throw new IOException("reply: tag " + tag + " (expected: one that is written)");
        };
    }

    private static Reply simple(String text) {
        return text.equals("OK") ? Reply.OK : new Reply.Simple(text);
    }

    private static List<Reply> readAll(DataInputStream in) throws IOException {
        int count = in.readInt();
        // Each element takes at least one byte, so a damaged count reserves no memory.
        if (count < 0 || count > in.available()) {
            throw new IOException("reply: " + count + " elements (expected: as many as follow)");
        }
        List<Reply> replies = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            replies.add(read(in));
        }
        return replies;
    }

    static Bytes readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("reply: " + length + " bytes (expected: as many as follow)");
        }
        return Bytes.wrap(in.readNBytes(length));
    }
}
