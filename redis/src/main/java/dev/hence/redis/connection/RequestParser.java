package dev.hence.redis.connection;

import dev.hence.core.crdt.Bytes;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.memory.MemoryHolder;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parser of requests: arrays of strings ({@code *2\r\n$3\r\nGET\r\n$1\r\na\r\n}) or inline commands
 * ({@code GET a\r\n}).
 *
 * <p>Bytes are added as they arrive ({@link #fill}), and complete requests are removed ({@link #next}). The parse state
 * of an incomplete request is kept, so every byte is parsed once no matter how the network splits the stream.
 *
 * <p><b>Memory.</b> An announced length reserves nothing: the buffer doubles only when received bytes fill it. A word
 * larger than {@link MemoryBudget#SMALL_BYTES} gets its array once that many bytes have arrived, and the rest is read
 * directly into it. What a connection holds beyond {@link RequestMemory#FREE_BYTES} is claimed from a budget that all
 * connections share, until {@link #release} declares its requests answered. If the budget has no room, {@link #next}
 * returns null, and {@link #awaitMemory} must be called.
 *
 * <p>Not thread-safe.
 */
public final class RequestParser {

    /** The maximum number of words of one request. */
    public static final int WORDS_MAX = 1 << 20;

    private static final int LINE_BYTES_MAX = 64 << 10;
    private static final int WORDS_UNPROVEN_MAX = 10;
    private static final int WORD_BYTES_UNPROVEN_MAX = 16_384;
    private static final int BUFFER_BYTES_INITIAL = 8 << 10;
    private static final int BUFFER_BYTES_KEPT = 64 << 10;
    private static final int LARGE_WORD_BYTES = MemoryBudget.SMALL_BYTES;
    private static final int WORD_OVERHEAD_BYTES = 48;
    private static final int WORDS_INITIAL = 8;
    private static final int UNKNOWN = -1;
    private static final Bytes[] NONE = new Bytes[0];

    private final int requestBytesMax;
    private final RequestMemory memory;
    private boolean proven;

    private byte[] buffer = new byte[BUFFER_BYTES_INITIAL];
    private int at;
    private int end;
    // How far the current line has been searched for its end.
    private int searched;

    private Bytes[] words = NONE;
    private int wordCount;
    private int wordsToCome;
    private int wordBytes = UNKNOWN;
    // The array of the current word if it is a large one, and how much of it has arrived.
    private byte @Nullable [] largeWord;
    private int largeWordEnd;
    private long requestBytes;
    private boolean full;

    /**
     * @param requestBytesMax maximum size of the words of one request together
     * @param proven whether the client may send larger requests than authentication needs
     */
    public RequestParser(int requestBytesMax, MemoryHolder memory, boolean proven) {
        this.requestBytesMax = requestBytesMax;
        this.memory = new RequestMemory(memory);
        this.proven = proven;
    }

    /** Sets whether the client is authenticated. */
    public void proven(boolean isProven) {
        proven = isProven;
    }

    /** A way to read what a client sends. */
    @FunctionalInterface
    public interface Source {
        /** Returns the number of bytes, or -1 at the end of the stream. */
        int read(byte[] into, int from, int length) throws IOException;
    }

    /**
     * Reads once, as much as is available and fits.
     *
     * @return what the source returned
     */
    public int fill(Source in) throws IOException, ProtocolException {
        byte[] large = largeWord;
        if (large != null && largeWordEnd < large.length) {
            int read = in.read(large, largeWordEnd, large.length - largeWordEnd);
            largeWordEnd += Math.max(read, 0);
            full = read > 0;
            return read;
        }
        makeRoom();
        int read = in.read(buffer, end, buffer.length - end);
        end += Math.max(read, 0);
        full = end == buffer.length;
        return read;
    }

    /** Adds bytes that were read elsewhere. */
    public void feed(byte[] bytes, int from, int length) throws ProtocolException {
        int done = 0;
        while (done < length) {
            byte[] large = largeWord;
            if (large != null && largeWordEnd < large.length) {
                int part = Math.min(length - done, large.length - largeWordEnd);
                System.arraycopy(bytes, from + done, large, largeWordEnd, part);
                largeWordEnd += part;
                done += part;
                continue;
            }
            makeRoom();
            int step = Math.min(length - done, buffer.length - end);
            System.arraycopy(bytes, from + done, buffer, end, step);
            end += step;
            done += step;
        }
    }

    /** Whether the last {@link #fill} used all available room, so that more input may be pending. */
    public boolean isFull() {
        return full;
    }

    /**
     * Whether enough memory is held that requests should be answered, and {@link #release} called, before more is read.
     */
    public boolean isHoldingMuch() {
        return memory.isMuch();
    }

    /** Whether an incomplete request has begun. */
    public boolean isWithinRequest() {
        return wordsToCome > 0 || at < end;
    }

    private void makeRoom() {
        if (at == end) {
            at = 0;
            end = 0;
            searched = 0;
        }
        if (end < buffer.length) {
            return;
        }
        if (at > buffer.length / 2) {
            System.arraycopy(buffer, at, buffer, 0, end - at);
            end -= at;
            searched = Math.max(0, searched - at);
            at = 0;
            return;
        }
        // At most twice a line or a small word, so within the free memory.
        memory.holdFree(buffer.length);
        buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }

    /** Releases the memory claimed for requests that have been answered. */
    public void release() {
        boolean empty = at == end && wordsToCome == 0;
        if (empty && buffer.length > BUFFER_BYTES_KEPT) {
            buffer = new byte[BUFFER_BYTES_INITIAL];
            at = 0;
            end = 0;
            searched = 0;
        }
        memory.holds(buffer.length
                + (largeWord == null ? 0 : largeWord.length)
                + (wordsToCome == 0 ? 0 : requestBytes + (long) wordCount * WORD_OVERHEAD_BYTES));
    }

    /** Whether the next request, complete or partial, cannot be taken for lack of memory. */
    public boolean wantsMemory() {
        return memory.isWanted();
    }

    /**
     * Blocks until the memory that was not available is. Call it when the earlier requests are answered and
     * {@link #release released}.
     *
     * @throws ProtocolException if it does not become available in time
     */
    public void awaitMemory() throws ProtocolException, InterruptedException {
        memory.await();
    }

    /**
     * The next complete request; null if it has not arrived yet, or if it {@link #wantsMemory}.
     *
     * @throws ProtocolException if the input is not a request; the rest of the stream cannot be parsed
     */
    public @Nullable Arguments next() throws ProtocolException {
        while (wordsToCome == 0) {
            if (at == end) {
                return null;
            }
            if (buffer[at] != '*') {
                Arguments line = nextLine();
                if (line != null || at == end || buffer[at] != '*') {
                    return line;
                }
            } else if (!beginArray()) {
                return null;
            }
        }
        while (wordsToCome > 0) {
            if (wordBytes == UNKNOWN && !beginWord()) {
                return null;
            }
            if (!beginLargeWord() || !isWordThere() || !endWord()) {
                return null;
            }
        }
        Bytes[] complete = wordCount == words.length ? words : Arrays.copyOf(words, wordCount);
        // Not kept until the next request: it may be large, and is no longer counted once it is answered.
        words = NONE;
        return new Arguments(Arrays.asList(complete));
    }

    private boolean beginArray() throws ProtocolException {
        int stop = lineEnd('\r', "too big mbulk count string");
        if (stop < 0) {
            return false;
        }
        long count = number(at + 1, stop);
        if (count == Long.MIN_VALUE || count > WORDS_MAX) {
            throw new ProtocolException("Protocol error: invalid multibulk length");
        }
        if (count > WORDS_UNPROVEN_MAX && !proven) {
            throw new ProtocolException("Protocol error: unauthenticated multibulk length");
        }
        pass(stop);
        if (count > 0) {
            begin((int) count);
        }
        return true;
    }

    private void begin(int count) {
        wordsToCome = count;
        words = new Bytes[Math.min(count, WORDS_INITIAL)];
        wordCount = 0;
        wordBytes = UNKNOWN;
        requestBytes = 0;
    }

    private boolean beginWord() throws ProtocolException {
        int stop = lineEnd('\r', "too big bulk count string");
        if (stop < 0) {
            return false;
        }
        if (buffer[at] != '$') {
            throw new ProtocolException("Protocol error: expected '$', got '" + shown(buffer[at]) + "'");
        }
        long length = number(at + 1, stop);
        if (length < 0 || length > requestBytesMax) {
            throw new ProtocolException("Protocol error: invalid bulk length");
        }
        if (length > WORD_BYTES_UNPROVEN_MAX && !proven) {
            throw new ProtocolException("Protocol error: unauthenticated bulk length");
        }
        if (requestBytes + length > requestBytesMax) {
            throw new ProtocolException(
                    "Protocol error: request too long (expected: at most " + requestBytesMax + " bytes)");
        }
        pass(stop);
        wordBytes = (int) length;
        return true;
    }

    /** Allocates the array of a large word once part of it has arrived; returns false if there is no memory for it. */
    private boolean beginLargeWord() {
        if (wordBytes <= LARGE_WORD_BYTES || largeWord != null || end - at < LARGE_WORD_BYTES) {
            return true;
        }
        if (!memory.hold(wordBytes)) {
            return false;
        }
        byte[] word = new byte[wordBytes];
        largeWordEnd = Math.min(wordBytes, end - at);
        System.arraycopy(buffer, at, word, 0, largeWordEnd);
        at += largeWordEnd;
        searched = at;
        largeWord = word;
        return true;
    }

    private boolean isWordThere() {
        return largeWord == null ? end - at >= wordBytes + 2 : largeWordEnd == largeWord.length && end - at >= 2;
    }

    /** Completes the current word, if there is memory for it. */
    private boolean endWord() {
        if (!memory.hold(largeWord == null ? wordBytes + WORD_OVERHEAD_BYTES : WORD_OVERHEAD_BYTES)) {
            return false;
        }
        if (wordCount == words.length) {
            words = Arrays.copyOf(words, Math.min(words.length * 2, wordCount + wordsToCome));
        }
        words[wordCount++] = word();
        requestBytes += wordBytes;
        at += largeWord == null ? wordBytes + 2 : 2;
        searched = at;
        wordBytes = UNKNOWN;
        largeWord = null;
        wordsToCome--;
        return true;
    }

    private Bytes word() {
        if (largeWord != null) {
            return Bytes.wrap(largeWord);
        }
        return wordBytes == 0 ? Bytes.EMPTY : Bytes.wrap(Arrays.copyOfRange(buffer, at, at + wordBytes));
    }

    /** The next line with words; null if it has not arrived, or an array comes before it. */
    private @Nullable Arguments nextLine() throws ProtocolException {
        while (at < end) {
            int stop = lineEnd('\n', "too big inline request");
            if (stop < 0) {
                return null;
            }
            int lineEnd = stop > at && buffer[stop - 1] == '\r' ? stop - 1 : stop;
            List<Bytes> line = InlineWords.split(buffer, at, lineEnd);
            if (!memory.hold((long) lineEnd - at + (long) line.size() * WORD_OVERHEAD_BYTES)) {
                return null;
            }
            at = stop + 1;
            searched = at;
            if (!line.isEmpty()) {
                if (isOfHttp(line.getFirst())) {
                    throw ProtocolException.webRequest();
                }
                return new Arguments(line);
            }
            if (at < end && buffer[at] == '*') {
                return null;
            }
        }
        return null;
    }

    /**
     * Whether a line begins like an HTTP request with a body, or like the header that every HTTP request has. Any web
     * page can make a browser send such a request to this port, and the lines of its body would be run as commands.
     */
    private static boolean isOfHttp(Bytes word) {
        return switch (word.length()) {
            case 4 -> word.toString().equalsIgnoreCase("POST");
            case 5 -> word.toString().equalsIgnoreCase("Host:");
            default -> false;
        };
    }

    /** The position of the character that ends the current line; -1 if it has not arrived. */
    private int lineEnd(char last, String tooLong) throws ProtocolException {
        // A carriage return is followed by one more byte that is part of the line end.
        int enough = last == '\r' ? end - 1 : end;
        for (int i = Math.max(searched, at); i < enough; i++) {
            if (buffer[i] == last) {
                return i;
            }
        }
        searched = Math.max(searched, enough);
        if (end - at > LINE_BYTES_MAX) {
            throw new ProtocolException("Protocol error: " + tooLong);
        }
        return -1;
    }

    private void pass(int lineEnd) {
        at = lineEnd + 2;
        searched = at;
    }

    /** Parses a canonical integer; returns the smallest long if it is invalid. */
    private long number(int from, int to) {
        boolean negative = from < to && buffer[from] == '-';
        int first = negative ? from + 1 : from;
        if (first >= to || to - first > 18 || (buffer[first] == '0' && to - first > 1)) {
            return Long.MIN_VALUE;
        }
        long number = 0;
        for (int i = first; i < to; i++) {
            int digit = buffer[i] - '0';
            if (digit < 0 || digit > 9) {
                return Long.MIN_VALUE;
            }
            number = number * 10 + digit;
        }
        return negative ? -number : number;
    }

    private static char shown(byte c) {
        return c >= ' ' && c <= '~' ? (char) c : '?';
    }
}
