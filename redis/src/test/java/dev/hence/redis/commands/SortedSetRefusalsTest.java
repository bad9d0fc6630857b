package dev.hence.redis.commands;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments and keys that the sorted set commands refuse. */
final class SortedSetRefusalsTest extends CommandsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ZADD z a | ERR wrong number of arguments for 'zadd' command",
                "ZADD z 1 a 2 | ERR syntax error",
                "ZADD z NX CH | ERR syntax error",
                "ZADD z XX NX 1 a | ERR XX and NX options at the same time are not compatible",
                "ZADD z NX GT 1 a | ERR GT, LT, and/or NX options at the same time are not compatible",
                "ZADD z LT NX 1 a | ERR GT, LT, and/or NX options at the same time are not compatible",
                "ZADD z LT GT 1 a | ERR GT, LT, and/or NX options at the same time are not compatible",
                "ZADD z INCR 1 a 2 b | ERR INCR option supports a single increment-element pair",
                "ZADD z x a | ERR value is not a valid float",
                "ZADD z nan a | ERR value is not a valid float",
                "ZADD z 1e400 a | ERR value is not a valid float",
                "ZADD z 1e-400 a | ERR value is not a valid float",
                "ZADD z 1f a | ERR value is not a valid float",
                "ZADD z 1 a . b | ERR value is not a valid float",
                "ZINCRBY z x a | ERR value is not a valid float",
                "ZCOUNT z a 1 | ERR min or max is not a float",
                "ZCOUNT z 1 nan | ERR min or max is not a float",
                "ZCOUNT z ( 1 | ERR min or max is not a float",
                "ZRANGEBYSCORE z 1 (x | ERR min or max is not a float",
                "ZREMRANGEBYSCORE z x 1 | ERR min or max is not a float",
                "ZLEXCOUNT z a + | ERR min or max not valid string range item",
                "ZRANGEBYLEX z - a | ERR min or max not valid string range item",
                "ZREMRANGEBYLEX z -- + | ERR min or max not valid string range item",
                "ZREMRANGEBYRANK z a 1 | ERR value is not an integer or out of range",
                "ZRANGE z a 1 | ERR value is not an integer or out of range",
                "ZRANGE z 0 1 LIMIT 0 1 | ERR syntax error, LIMIT is only supported in combination with either BYSCORE"
                        + " or BYLEX",
                "ZREVRANGE z 0 1 LIMIT 0 1 | ERR syntax error, LIMIT is only supported in combination with either"
                        + " BYSCORE or BYLEX",
                "ZRANGE z - + BYLEX WITHSCORES | ERR syntax error, WITHSCORES not supported in combination with BYLEX",
                "ZRANGEBYLEX z - + WITHSCORES | ERR syntax error, WITHSCORES not supported in combination with BYLEX",
                "ZRANGE z 0 1 BYSCORE LIMIT 1 | ERR syntax error",
                "ZRANGE z 0 1 BYSCORE LIMIT x 1 | ERR value is not an integer or out of range",
                "ZRANGE z 0 1 BYSCORE BYLEX | ERR syntax error",
                "ZRANGE z 0 1 REV REV | ERR syntax error",
                "ZREVRANGE z 0 1 REV | ERR syntax error",
                "ZRANGEBYSCORE z 0 1 BYLEX | ERR syntax error",
                "ZRANGESTORE d z 0 1 WITHSCORES | ERR syntax error",
                "ZRANK z a SCORE | ERR syntax error",
                "ZRANK z a WITHSCORE b | ERR wrong number of arguments for 'zrank' command",
                "ZPOPMIN z 1 2 | ERR syntax error",
                "ZPOPMIN z -1 | ERR value is out of range, must be positive",
                "ZPOPMAX z x | ERR value is out of range, must be positive",
                "ZRANDMEMBER z x | ERR value is not an integer or out of range",
                "ZRANDMEMBER z 1 SCORES | ERR syntax error",
                "ZRANDMEMBER z 1 WITHSCORES 1 | ERR syntax error",
                "ZUNION 0 x | ERR at least 1 input key is needed for 'zunion' command",
                "ZUNION x x | ERR value is not an integer or out of range",
                "ZUNION 2 x | ERR syntax error",
                "ZUNIONSTORE d 0 x | ERR at least 1 input key is needed for 'zunionstore' command",
                "ZUNION 1 x WEIGHTS | ERR syntax error",
                "ZUNION 1 x WEIGHTS a | ERR weight value is not a float",
                "ZUNION 1 x AGGREGATE AVG | ERR syntax error",
                "ZUNION 1 x AGGREGATE | ERR syntax error",
                "ZUNIONSTORE d 1 x WITHSCORES | ERR syntax error",
                "ZDIFF 1 x WEIGHTS 1 | ERR syntax error",
                "ZINTERCARD 1 x LIMIT -1 | ERR LIMIT can't be negative",
                "ZINTERCARD 1 x LIMIT x | ERR LIMIT can't be negative",
                "ZINTERCARD 1 x WITHSCORES | ERR syntax error",
                "ZMPOP 0 z MIN | ERR numkeys should be greater than 0",
                "ZMPOP 1 z LEFT | ERR syntax error",
                "ZMPOP 1 z MIN COUNT 0 | ERR count should be greater than 0",
                "BZMPOP x 1 z MIN | ERR timeout is not a float or out of range",
                "BZPOPMIN z -1 | ERR timeout is negative"
            })
    void anything_unfitArguments_refuses(String line, String error) {
        assertThat(client.run(line)).isEqualTo("-" + error);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ZADD s 1 a",
                "ZADD s INCR 1 a",
                "ZINCRBY s 1 a",
                "ZREM s a",
                "ZCARD s",
                "ZSCORE s a",
                "ZMSCORE s a",
                "ZRANK s a",
                "ZRANGE s 0 1",
                "ZRANGESTORE d s 0 1",
                "ZRANGEBYSCORE s 0 1",
                "ZRANGEBYLEX s - +",
                "ZCOUNT s 0 1",
                "ZLEXCOUNT s - +",
                "ZPOPMIN s",
                "ZPOPMAX s 0",
                "ZREMRANGEBYRANK s 0 1",
                "ZREMRANGEBYSCORE s 0 1",
                "ZREMRANGEBYLEX s - +",
                "ZRANDMEMBER s",
                "ZRANDMEMBER s 2",
                "ZSCAN s 0",
                "ZUNION 1 s",
                "ZINTER 2 absent s",
                "ZDIFF 2 absent s",
                "ZINTERCARD 1 s",
                "ZUNIONSTORE d 1 s",
                "ZMPOP 1 s MIN",
                "BZPOPMIN s 1",
                "BZMPOP 1 1 s MIN"
            })
    void anything_keyOfAnotherType_refuses(String line) {
        makeString("s", "text");
        assertThat(client.run(line)).isEqualTo(WRONG_TYPE);
    }
}
