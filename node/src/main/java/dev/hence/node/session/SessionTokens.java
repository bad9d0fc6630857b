package dev.hence.node.session;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.engine.codec.Crc32c;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * The session tokens of one cluster: clocks as opaque text that fits into a header.
 *
 * <p>A token is unpadded base64url of: version (1 byte, 1), CRC-32C of the cluster name (4), number of entries
 * (varint), each entry in the order of replicas as number of leading characters that its name shares with the name
 * before (1), number of further characters (1), these in ASCII, incarnation (8), counter (varint); at the end CRC-32C
 * of all before (4). Integers are big-endian.
 *
 * <p>There is exactly one token for a clock: any non-canonical form is rejected, so any modification of a token is
 * detected. Tokens are protected against damage, not against forgery: a client that invents a clock waits for something
 * that does not exist, and harms no other client.
 *
 * <p>Immutable.
 */
public final class SessionTokens {

    /** The maximum length of an accepted token, in characters: room for some 400 replicas with short names. */
    public static final int TOKEN_CHARS_MAX = 8_192;

    private static final byte VERSION = 1;
    private static final int HEAD_BYTES = 1 + Integer.BYTES;
    private static final int COUNT_BYTES_MAX = 5;
    private static final int COUNTER_BYTES_MAX = 10;
    private static final int ENTRY_BYTES_MAX = 2 + ReplicaId.NAME_LENGTH_MAX + Long.BYTES + COUNTER_BYTES_MAX;
    private static final String EXPECTED = " (expected: one issued by a node of this cluster)";

    private final String clusterName;
    private final int clusterChecksum;

    public SessionTokens(String clusterName) {
        this.clusterName = clusterName;
        byte[] name = clusterName.getBytes(StandardCharsets.UTF_8);
        this.clusterChecksum = Crc32c.of(name, 0, name.length);
    }

    /** The token of a clock. */
    public String encode(VersionVector clock) {
        ByteBuffer token =
                ByteBuffer.allocate(HEAD_BYTES + COUNT_BYTES_MAX + clock.size() * ENTRY_BYTES_MAX + Integer.BYTES);
        token.put(VERSION).putInt(clusterChecksum);
        putVarint(token, clock.size());
        String[] before = {""};
        clock.forEach((replica, counter) -> {
            putName(token, before[0], replica.name());
            token.putLong(replica.incarnation());
            putVarint(token, counter);
            before[0] = replica.name();
        });
        token.putInt(Crc32c.of(token.array(), 0, token.position()));
        byte[] exact = new byte[token.position()];
        token.flip().get(exact);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(exact);
    }

    /**
     * The merged clock of several tokens, separated by commas; empty ones are ignored.
     *
     * @throws MalformedTokenException if one of them is damaged or of another cluster
     */
    public VersionVector decodeAll(String list) throws MalformedTokenException {
        VersionVector session = VersionVector.EMPTY;
        for (int start = 0; start <= list.length(); ) {
            int comma = list.indexOf(',', start);
            int end = comma < 0 ? list.length() : comma;
            String token = list.substring(start, end).strip();
            if (!token.isEmpty()) {
                session = session.join(decode(token));
            }
            start = end + 1;
        }
        return session;
    }

    /**
     * The clock of a token.
     *
     * @throws MalformedTokenException if it is too long, damaged, of an unknown version or of another cluster
     */
    public VersionVector decode(String token) throws MalformedTokenException {
        if (token.length() > TOKEN_CHARS_MAX) {
            throw new MalformedTokenException(
                    "session token: " + token.length() + " characters (expected: at most " + TOKEN_CHARS_MAX + ")");
        }
        ByteBuffer bytes = ByteBuffer.wrap(intact(token));
        byte version = bytes.get();
        if (version != VERSION) {
            throw new MalformedTokenException("session token: version " + version + " (expected: " + VERSION + ")");
        }
        if (bytes.getInt() != clusterChecksum) {
            throw new MalformedTokenException(
                    "session token: of another cluster (expected: one of " + clusterName + ")");
        }
        try {
            return entries(bytes.slice(bytes.position(), bytes.remaining() - Integer.BYTES));
        } catch (BufferUnderflowException | IllegalArgumentException wrong) {
            throw malformed();
        }
    }

    /** The bytes of a token with canonical text and a valid checksum. */
    private static byte[] intact(String token) throws MalformedTokenException {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException notBase64) {
            throw malformed();
        }
        // The last character may carry bits that decoding ignores.
        if (bytes.length < HEAD_BYTES + 1 + Integer.BYTES
                || !Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(bytes)
                        .equals(token)) {
            throw malformed();
        }
        int end = bytes.length - Integer.BYTES;
        if (ByteBuffer.wrap(bytes).getInt(end) != Crc32c.of(bytes, 0, end)) {
            throw malformed();
        }
        return bytes;
    }

    private static VersionVector entries(ByteBuffer bytes) throws MalformedTokenException {
        Map<ReplicaId, Long> counters = new TreeMap<>();
        String before = "";
        for (long left = getVarint(bytes); left > 0; left--) {
            String name = getName(bytes, before);
            Long previous = counters.put(new ReplicaId(name, bytes.getLong()), getVarint(bytes));
            if (previous != null) {
                throw malformed();
            }
            before = name;
        }
        if (bytes.hasRemaining()) {
            throw malformed();
        }
        return VersionVector.of(counters);
    }

    private static MalformedTokenException malformed() {
        return new MalformedTokenException("session token: malformed or damaged" + EXPECTED);
    }

    private static void putName(ByteBuffer token, String before, String name) {
        int shared = 0;
        while (shared < before.length() && shared < name.length() && before.charAt(shared) == name.charAt(shared)) {
            shared++;
        }
        token.put((byte) shared).put((byte) (name.length() - shared));
        for (int i = shared; i < name.length(); i++) {
            token.put((byte) name.charAt(i));
        }
    }

    private static String getName(ByteBuffer bytes, String before) throws MalformedTokenException {
        int shared = bytes.get();
        int further = bytes.get();
        if (shared < 0 || further < 0 || shared > before.length()) {
            throw malformed();
        }
        byte[] characters = new byte[further];
        bytes.get(characters);
        return before.substring(0, shared) + new String(characters, StandardCharsets.US_ASCII);
    }

    private static void putVarint(ByteBuffer token, long number) {
        long left = number;
        while ((left & ~0x7FL) != 0) {
            token.put((byte) (left | 0x80));
            left >>>= 7;
        }
        token.put((byte) left);
    }

    private static long getVarint(ByteBuffer bytes) throws MalformedTokenException {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = bytes.get();
            number |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw malformed();
    }
}
