package dev.hence.redis.commands;

import dev.hence.node.config.Limits;
import org.junit.jupiter.api.Test;

/** The commands on parts of a string. */
final class StringPartsCommandsTest extends CommandsTest {

    private static final int UPDATE_BYTES_MAX = 1 << 20;

    @Override
    Limits limits() {
        return updatesOf(UPDATE_BYTES_MAX);
    }

    @Test
    void append_bytes_growTheString() {
        expect("APPEND k ab", ":2");
        expect("APPEND k cd", ":4");
        expect("APPEND k \"\"", ":4");
        expect("GET k", "$4 abcd");
        expect("APPEND e \"\"", ":0");
        expect("EXISTS e", ":1");
        expect("GET e", "$0 ");
    }

    @Test
    void append_deadline_stays() {
        expect("SET k v EX 10", "+OK");
        expect("APPEND k w", ":2");
        expect("SETRANGE k 0 x", ":2");
        expect("INCRBY n 5", ":5");
        expect("EXPIRE n 10", ":1");
        expect("INCR n", ":6");
        expect("INCRBYFLOAT n 0.5", "$3 6.5");
        expect("TTL k", ":10");
        expect("TTL n", ":10");
    }

    @Test
    void strlen_string_isItsBytes() {
        expect("STRLEN k", ":0");
        expect("SET k hello", "+OK");
        expect("STRLEN k", ":5");
    }

    @Test
    void getrange_places_countFromBothEnds() {
        expect("SET k This-is-a-string", "+OK");
        for (String name : new String[] {"GETRANGE", "SUBSTR"}) {
            expect(name + " k 0 3", "$4 This");
            expect(name + " k -3 -1", "$3 ing");
            expect(name + " k 0 -1", "$16 This-is-a-string");
            expect(name + " k 10 100", "$6 string");
            expect(name + " k 5 3", "$0 ");
            expect(name + " k -1 -5", "$0 ");
            expect(name + " k -100 3", "$4 This");
            expect(name + " k 20 30", "$0 ");
            expect(name + " none 0 -1", "$0 ");
            expect(name + " k a 1", NOT_AN_INTEGER);
            expect(name + " k 0 1.5", NOT_AN_INTEGER);
        }
    }

    @Test
    void setrange_offsets_areFilledWithZeros() {
        expect("SETRANGE k 2 ab", ":4");
        expect("GET k", "$4 \0\0ab");
        expect("SETRANGE k 1 x", ":4");
        expect("GET k", "$4 \0xab");
        expect("SETRANGE none 5 \"\"", ":0");
        expect("EXISTS none", ":0");
        expect("SETRANGE k 100 \"\"", ":4");
        expect("SETRANGE k -1 x", "-ERR offset is out of range");
        expect("SETRANGE k x x", NOT_AN_INTEGER);
    }

    @Test
    void setrange_tooFar_isRefused() {
        String tooLong = "-ERR string exceeds maximum allowed size (proto-max-bulk-len)";
        expect("SETRANGE k 536870912 x", tooLong);
        expect("SETRANGE k 9223372036854775807 x", tooLong);
        expect("SETRANGE k " + UPDATE_BYTES_MAX + " x", tooLong);
        expect("SETRANGE k " + (UPDATE_BYTES_MAX - 34) + " x", ":1048543");
        expect("APPEND k x", tooLong);
        expect("STRLEN k", ":1048543");
    }
}
