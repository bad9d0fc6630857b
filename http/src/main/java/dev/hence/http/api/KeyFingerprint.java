package dev.hence.http.api;

import dev.hence.core.clock.Dot;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.CollectionMeta;
import dev.hence.core.crdt.Counter;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.Element;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.MvRegister;
import dev.hence.core.keyspace.State;
import dev.hence.core.keyspace.View;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A digest of the whole content of a key: every candidate of every element of every type, with its dot, the increments,
 * the deadlines. It is equal at nodes that have delivered the same updates.
 */
final class KeyFingerprint {

    private static final int SHOWN_BYTES = 16;

    private final MessageDigest digest;
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

    private KeyFingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The first 16 bytes of the digest, in hexadecimal. It reads every element of the key. */
    static String of(View view, Bytes key, KeyHead head) {
        KeyFingerprint fingerprint = new KeyFingerprint();
        fingerprint.head(view, key, head);
        return HexFormat.of().formatHex(fingerprint.digest.digest(), 0, SHOWN_BYTES);
    }

    private void head(View view, Bytes key, KeyHead head) {
        cell(head.string());
        number(head.deadlines().entries().size());
        for (Deadlines.Entry entry : head.deadlines().entries()) {
            dot(entry.dot());
            number(entry.millis());
        }
        for (CollectionMeta collection : head.collections()) {
            text(collection.type().redisName());
            register(collection.latestWrites());
            number(collection.count());
            view.walk(key, Element.kind(collection.type()), null, State.Direction.UP, (row, cell) -> {
                bytes(row);
                cell(cell);
                return true;
            });
        }
    }

    private void cell(Cell cell) {
        register(cell.register());
        number(cell.counter().runs().size());
        for (Counter.Run run : cell.counter().runs()) {
            dot(new Dot(run.replica(), run.last()));
            text(run.sum().stripTrailingZeros().toString());
        }
    }

    private void register(MvRegister register) {
        number(register.entries().size());
        for (MvRegister.Entry entry : register.entries()) {
            dot(entry.dot());
            number(entry.timestamp());
            bytes(entry.value());
        }
    }

    private void dot(Dot dot) {
        text(dot.replica().name());
        number(dot.replica().incarnation());
        number(dot.counter());
    }

    private void text(String text) {
        bytes(Bytes.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void bytes(Bytes bytes) {
        number(bytes.length());
        digest.update(bytes.array());
    }

    private void number(long value) {
        digest.update(number.putLong(0, value).array());
    }
}
