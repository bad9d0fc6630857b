package dev.hence.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.property.Property;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class RequestParserPropertyTest {

    /**
     * A step of a trace: a request or an inline command, and after how many bytes of it the network splits the stream.
     */
    private sealed interface Step {
        int cut();

        record Array(List<Bytes> words, int cut) implements Step {}

        record Line(String text, int cut) implements Step {}

        record Garbage(Bytes bytes, int cut) implements Step {}
    }

    private static Step valid(RandomGenerator random) {
        int cut = random.nextInt(40);
        if (random.nextInt(4) == 0) {
            return new Step.Line("word ".repeat(random.nextInt(4)), cut);
        }
        List<Bytes> words = new ArrayList<>();
        for (int count = random.nextInt(5); count >= 0; count--) {
            byte[] word = new byte[random.nextInt(20) == 0 ? random.nextInt(100_000) : random.nextInt(12)];
            random.nextBytes(word);
            words.add(Bytes.wrap(word));
        }
        return new Step.Array(words, cut);
    }

    private static Step anything(RandomGenerator random) {
        if (random.nextBoolean()) {
            return valid(random);
        }
        String alphabet = "*$\r\n0123456789-\"'\\x a";
        byte[] bytes = new byte[random.nextInt(30)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
        }
        return new Step.Garbage(Bytes.wrap(bytes), random.nextInt(40));
    }

    private static byte[] bytes(Step step) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        switch (step) {
            case Step.Line line -> out.writeBytes((line.text() + "\r\n").getBytes(StandardCharsets.US_ASCII));
            case Step.Garbage garbage -> out.writeBytes(garbage.bytes().array());
            case Step.Array array -> {
                out.writeBytes(("*" + array.words().size() + "\r\n").getBytes(StandardCharsets.US_ASCII));
                for (Bytes word : array.words()) {
                    out.writeBytes(("$" + word.length() + "\r\n").getBytes(StandardCharsets.US_ASCII));
                    out.writeBytes(word.array());
                    out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
                }
            }
        }
        return out.toByteArray();
    }

    private static byte[] stream(List<Step> steps) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        steps.forEach(step -> out.writeBytes(bytes(step)));
        return out.toByteArray();
    }

    /** The parser's result for a stream that arrives in these pieces; the error, if there is one, is last. */
    private static List<Object> parsed(byte[] stream, List<Integer> cuts) {
        List<Object> seen = new ArrayList<>();
        RequestParser parser = new RequestParser(1 << 20, new MemoryBudget(1 << 30).holder(() -> {}), true);
        try {
            int from = 0;
            for (int piece = 0; from < stream.length; piece++) {
                int length = Math.min(
                        stream.length - from, cuts.isEmpty() ? stream.length : cuts.get(piece % cuts.size()) + 1);
                parser.feed(stream, from, length);
                from += length;
                for (Arguments next = parser.next(); next != null; next = parser.next()) {
                    seen.add(RequestParserTest.words(next));
                }
                if (piece % 3 == 0) {
                    parser.release();
                }
            }
        } catch (ProtocolException refused) {
            seen.add(refused.text());
        }
        return seen;
    }

    @Test
    void next_validRequestsCutAnywhere_areThoseThatWereSent() {
        new Property<>(
                        "requests are parsed alike however the stream is cut",
                        Property.steps(12, RequestParserPropertyTest::valid),
                        steps -> {
                            List<Object> sent = new ArrayList<>();
                            for (Step step : steps) {
                                if (step instanceof Step.Array array) {
                                    sent.add(array.words());
                                } else if (step instanceof Step.Line line
                                        && !line.text().isEmpty()) {
                                    sent.add(Arguments.of(line.text().strip().split(" "))
                                            .from(0));
                                }
                            }
                            List<Integer> cuts = steps.stream().map(Step::cut).toList();
                            assertThat(parsed(stream(steps), cuts)).isEqualTo(sent);
                        })
                .holdsFor(500);
    }

    @Test
    void next_anyBytesCutAnywhere_sameRequestsAndSameError() {
        new Property<>(
                        "whatever comes is parsed or refused alike however the stream is cut",
                        Property.steps(8, RequestParserPropertyTest::anything),
                        steps -> {
                            List<Integer> cuts = steps.stream().map(Step::cut).toList();
                            byte[] stream = stream(steps);
                            assertThat(parsed(stream, cuts)).isEqualTo(parsed(stream, List.of()));
                        })
                .holdsFor(2_000);
    }
}
