package dev.hence.redis.commands;

import org.junit.jupiter.api.Test;

/** The commands on strings that are numbers. */
final class NumberCommandsTest extends CommandsTest {

    @Test
    void incr_numbers_count() {
        expect("INCR n", ":1");
        expect("INCRBY n 41", ":42");
        expect("DECR n", ":41");
        expect("DECRBY n 50", ":-9");
        expect("DECRBY n -10", ":1");
        expect("INCRBY n -1", ":0");
        expect("GET n", "$1 0");
        expect("SET n 10", "+OK");
        expect("INCR n", ":11");
    }

    @Test
    void incr_noInteger_isRefused() {
        expect("SET k abc", "+OK");
        expect("INCR k", "-ERR value is not an integer or out of range");
        expect("SET k 1.5", "+OK");
        expect("INCR k", "-ERR value is not an integer or out of range");
        expect("SET k 10", "+OK");
        expect("INCRBY k abc", NOT_AN_INTEGER);
        expect("INCRBY k 1.5", NOT_AN_INTEGER);
        expect("DECRBY k 9223372036854775808", NOT_AN_INTEGER);
        expect("GET k", "$2 10");
    }

    @Test
    void incr_overflow_isRefused() {
        expect("SET k 9223372036854775807", "+OK");
        expect("INCR k", "-ERR increment or decrement would overflow");
        expect("SET k -9223372036854775808", "+OK");
        expect("DECR k", "-ERR increment or decrement would overflow");
        expect("DECRBY k -9223372036854775808", "-ERR decrement would overflow");
        expect("DECRBY k -9223372036854775807", ":-1");
    }

    @Test
    void incrbyfloat_numbers_areAddedExactly() {
        expect("SET k 10.50", "+OK");
        expect("INCRBYFLOAT k 0.1", "$4 10.6");
        expect("INCRBYFLOAT k -5", "$3 5.6");
        expect("SET k 5.0e3", "+OK");
        expect("INCRBYFLOAT k 2.0e2", "$4 5200");
        expect("INCRBYFLOAT new 3", "$1 3");
        expect("INCR new", ":4");
        expect("INCRBYFLOAT new 1.5", "$3 5.5");
        expect("INCR new", "-ERR value is not an integer or out of range");
    }

    @Test
    void incrbyfloat_noNumber_isRefused() {
        expect("SET k abc", "+OK");
        expect("INCRBYFLOAT k 1", "-ERR value is not a valid float");
        expect("SET k 1", "+OK");
        expect("INCRBYFLOAT k abc", "-ERR value is not a valid float");
        expect("INCRBYFLOAT k nan", "-ERR value is not a valid float");
        expect("INCRBYFLOAT k inf", "-ERR increment would produce NaN or Infinity");
        expect("INCRBYFLOAT k 1e30", "-ERR increment would produce NaN or Infinity");
        expect("GET k", "$1 1");
    }
}
