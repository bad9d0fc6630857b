package dev.hence.redis.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import dev.hence.redis.DirectClient;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SortedSetCommandsTest extends CommandsTest {

    private String all(String key) {
        return all(client, key);
    }

    private static String all(DirectClient at, String key) {
        return at.run("ZRANGE " + key + " 0 -1 WITHSCORES");
    }

    @Test
    void zadd_members_answersHowManyAreNew() {
        assertThat(client.run("ZADD z 1 a 2.5 b 3 a")).isEqualTo(":2");
        assertThat(client.run("ZADD z 1 a -inf c +INF d 1e3 e")).isEqualTo(":3");
        assertThat(all("z")).isEqualTo("*10 $1 c $4 -inf $1 a $1 1 $1 b $3 2.5 $1 e $4 1000 $1 d $3 inf");
    }

    @Test
    void zadd_options_decideWhatIsWrittenAndCounted() {
        assertThat(client.run("ZADD z XX 1 a")).isEqualTo(":0");
        assertThat(client.run("ZADD z nx 5 a")).isEqualTo(":1");
        assertThat(client.run("ZADD z NX 6 a 1 b")).isEqualTo(":1");
        assertThat(client.run("ZADD z CH 5 a 2 b 3 c")).isEqualTo(":2");
        assertThat(client.run("ZADD z XX CH 5.5 a 9 d")).isEqualTo(":1");
        assertThat(client.run("ZADD z GT CH 5 a 3 b 1 e")).isEqualTo(":2");
        assertThat(client.run("ZADD z LT CH 6 a 2 b")).isEqualTo(":1");
        assertThat(client.run("ZADD z XX GT CH 7 a 8 f")).isEqualTo(":1");
        assertThat(all("z")).isEqualTo("*8 $1 e $1 1 $1 b $1 2 $1 c $1 3 $1 a $1 7");
    }

    @Test
    void zadd_incr_answersTheScoreOrNull() {
        assertThat(client.run("ZADD z INCR 1.5 a")).isEqualTo("$3 1.5");
        assertThat(client.run3("ZADD z INCR 1.5 a")).isEqualTo(",3");
        assertThat(client.run("ZADD z NX INCR 1 a")).isEqualTo("$-1");
        assertThat(client.run3("ZADD z XX INCR 1 b")).isEqualTo("_");
        assertThat(client.run("ZADD z GT INCR -1 a")).isEqualTo("$-1");
        assertThat(client.run("ZADD z LT CH INCR -1 a")).isEqualTo("$1 2");
    }

    @Test
    void zincrby_scores_areSummedExactly() {
        assertThat(client.run("ZINCRBY z 0.1 a")).isEqualTo("$3 0.1");
        assertThat(client.run("ZINCRBY z 0.2 a")).isEqualTo("$3 0.3");
        assertThat(client.run3("ZINCRBY z -1e2 a")).isEqualTo(",-99.7");
        assertThat(client.run("ZINCRBY z inf a")).isEqualTo("$3 inf");
        assertThat(client.run("ZINCRBY z -inf a")).isEqualTo("-ERR resulting score is not a number (NaN)");
        assertThat(client.run("ZADD z INCR -inf a")).isEqualTo("-ERR resulting score is not a number (NaN)");
    }

    @Test
    void zincrby_atTwoNodes_countsBoth() {
        client.run("ZADD z 10 a");
        meet();
        client.run("ZINCRBY z 1 a");
        there().run("ZINCRBY z 2.5 a");
        meet();

        assertThat(all(client, "z")).isEqualTo(all(there(), "z")).isEqualTo("*2 $1 a $4 13.5");
    }

    @Test
    void zremAndZcard_members_answerNumbers() {
        client.run("ZADD z 1 a 2 b");
        assertThat(client.run("ZCARD z")).isEqualTo(":2");
        assertThat(client.run("ZREM z a a x")).isEqualTo(":1");
        assertThat(client.run("ZREM z b")).isEqualTo(":1");
        assertThat(client.run("ZREM z b")).isEqualTo(":0");
        assertThat(client.run("ZCARD z")).isEqualTo(":0");
    }

    @Test
    void zscoreAndZmscore_presentAndAbsent_answerNumbersOrNull() {
        client.run("ZADD z 1 a 2.25 b");
        assertThat(client.run("ZSCORE z b")).isEqualTo("$4 2.25");
        assertThat(client.run3("ZSCORE z b")).isEqualTo(",2.25");
        assertThat(client.run("ZSCORE z x")).isEqualTo("$-1");
        assertThat(client.run("ZSCORE absent x")).isEqualTo("$-1");
        assertThat(client.run("ZMSCORE z a x b")).isEqualTo("*3 $1 1 $-1 $4 2.25");
        assertThat(client.run3("ZMSCORE absent a b")).isEqualTo("*2 _ _");
    }

    @Test
    void zrankAndZrevrank_members_answerPlaces() {
        client.run("ZADD z 1 a 2 b 3 c");
        assertThat(client.run("ZRANK z c")).isEqualTo(":2");
        assertThat(client.run("ZREVRANK z c")).isEqualTo(":0");
        assertThat(client.run("ZRANK z b withscore")).isEqualTo("*2 :1 $1 2");
        assertThat(client.run3("ZREVRANK z a WITHSCORE")).isEqualTo("*2 :2 ,1");
        assertThat(client.run("ZRANK z x")).isEqualTo("$-1");
        assertThat(client.run("ZRANK z x WITHSCORE")).isEqualTo("*-1");
        assertThat(client.run3("ZRANK absent x WITHSCORE")).isEqualTo("_");
    }

    @Test
    void zrange_places_inEitherDirection() {
        client.run("ZADD z 1 a 2 b 3 c");
        assertThat(client.run("ZRANGE z 0 1")).isEqualTo("*2 $1 a $1 b");
        assertThat(client.run("ZRANGE z 0 1 REV")).isEqualTo("*2 $1 c $1 b");
        assertThat(client.run("ZREVRANGE z 0 0 WITHSCORES")).isEqualTo("*2 $1 c $1 3");
        assertThat(client.run3("ZRANGE z -2 -1 WITHSCORES")).isEqualTo("*2 *2 $1 b ,2 *2 $1 c ,3");
        assertThat(client.run("ZRANGE z 5 9")).isEqualTo("*0");
        assertThat(client.run("ZRANGE z 0 1 LIMIT 5 -1")).isEqualTo("*2 $1 a $1 b");
        assertThat(client.run3("ZRANGE absent 0 -1 WITHSCORES")).isEqualTo("*0");
    }

    @Test
    void zrange_scores_inEitherDirection() {
        client.run("ZADD z 1 a 2 b 3 c 4 d");
        assertThat(client.run("ZRANGE z 2 3 BYSCORE")).isEqualTo("*2 $1 b $1 c");
        assertThat(client.run("ZRANGE z (3 -inf BYSCORE REV WITHSCORES")).isEqualTo("*4 $1 b $1 2 $1 a $1 1");
        assertThat(client.run("ZRANGE z (1 +inf BYSCORE LIMIT 1 1")).isEqualTo("*1 $1 c");
        assertThat(client.run("ZRANGEBYSCORE z (1 (4")).isEqualTo("*2 $1 b $1 c");
        assertThat(client.run("ZRANGEBYSCORE z 1 4 LIMIT 1 2 WITHSCORES")).isEqualTo("*4 $1 b $1 2 $1 c $1 3");
        assertThat(client.run("ZRANGEBYSCORE z 1 4 LIMIT 2 -1")).isEqualTo("*2 $1 c $1 d");
        assertThat(client.run("ZRANGEBYSCORE z 1 4 LIMIT -1 2")).isEqualTo("*0");
        assertThat(client.run("ZRANGEBYSCORE z 1 4 LIMIT 0 0")).isEqualTo("*0");
        assertThat(client.run("ZREVRANGEBYSCORE z +inf (2 LIMIT 1 5")).isEqualTo("*1 $1 c");
        assertThat(client.run3("ZREVRANGEBYSCORE z 1 1 WITHSCORES")).isEqualTo("*1 *2 $1 a ,1");
        assertThat(client.run("ZRANGEBYSCORE z 4 1")).isEqualTo("*0");
        assertThat(client.run("ZCOUNT z (1 3")).isEqualTo(":2");
        assertThat(client.run("ZCOUNT z -inf +inf")).isEqualTo(":4");
        assertThat(client.run("ZCOUNT absent -inf +inf")).isEqualTo(":0");
    }

    @Test
    void zrange_members_inEitherDirection() {
        client.run("ZADD z 0 a 0 aa 0 b 0 c");
        assertThat(client.run("ZRANGE z [aa (c BYLEX")).isEqualTo("*2 $2 aa $1 b");
        assertThat(client.run("ZRANGE z + (aa BYLEX REV LIMIT 0 1")).isEqualTo("*1 $1 c");
        assertThat(client.run("ZRANGEBYLEX z - [aa")).isEqualTo("*2 $1 a $2 aa");
        assertThat(client.run("ZRANGEBYLEX z (a + LIMIT 1 1")).isEqualTo("*1 $1 b");
        assertThat(client.run("ZREVRANGEBYLEX z [b -")).isEqualTo("*3 $1 b $2 aa $1 a");
        assertThat(client.run("ZRANGEBYLEX z + -")).isEqualTo("*0");
        assertThat(client.run("ZRANGEBYLEX z + +")).isEqualTo("*0");
        assertThat(client.run("ZRANGEBYLEX z - -")).isEqualTo("*0");
        assertThat(client.run("ZLEXCOUNT z [a (b")).isEqualTo(":2");
        assertThat(client.run("ZLEXCOUNT z - +")).isEqualTo(":4");
    }

    @Test
    void zrangestore_parts_replaceTheDestination() {
        client.run("ZADD z 1 a 2 b 3 c");
        makeString("d", "text");
        assertThat(client.run("ZRANGESTORE d z 0 1")).isEqualTo(":2");
        assertThat(all("d")).isEqualTo("*4 $1 a $1 1 $1 b $1 2");
        assertThat(client.run("ZRANGESTORE d z +inf 2 BYSCORE REV LIMIT 0 1")).isEqualTo(":1");
        assertThat(all("d")).isEqualTo("*2 $1 c $1 3");
        assertThat(client.run("ZRANGESTORE z z 0 0")).isEqualTo(":1");
        assertThat(all("z")).isEqualTo("*2 $1 a $1 1");
        assertThat(client.run("ZRANGESTORE d absent 0 -1")).isEqualTo(":0");
        assertThat(client.run("ZCARD d")).isEqualTo(":0");
        assertThat(keys("ZRANGESTORE d z 0 1")).containsExactly(Bytes.utf8("d"), Bytes.utf8("z"));
    }

    @Test
    void zremranges_ranges_answerHowMany() {
        client.run("ZADD z 1 a 2 b 3 c 4 d 5 e");
        assertThat(client.run("ZREMRANGEBYRANK z -1 -1")).isEqualTo(":1");
        assertThat(client.run("ZREMRANGEBYSCORE z (1 2")).isEqualTo(":1");
        assertThat(all("z")).isEqualTo("*6 $1 a $1 1 $1 c $1 3 $1 d $1 4");
        assertThat(client.run("ZREMRANGEBYLEX z [d +")).isEqualTo(":1");
        assertThat(client.run("ZREMRANGEBYSCORE z 8 9")).isEqualTo(":0");
        assertThat(client.run("ZREMRANGEBYRANK z 0 -1")).isEqualTo(":2");
        assertThat(client.run("ZREMRANGEBYRANK z 0 -1")).isEqualTo(":0");
    }

    @Test
    void zrandmember_forms_answerMembers() {
        assertThat(client.run("ZRANDMEMBER z")).isEqualTo("$-1");
        assertThat(client.run("ZRANDMEMBER z 2")).isEqualTo("*0");
        client.run("ZADD z 1.5 a");
        assertThat(client.run("ZRANDMEMBER z")).isEqualTo("$1 a");
        assertThat(client.run("ZRANDMEMBER z 5")).isEqualTo("*1 $1 a");
        assertThat(client.run("ZRANDMEMBER z -2")).isEqualTo("*2 $1 a $1 a");
        assertThat(client.run("ZRANDMEMBER z 1 WITHSCORES")).isEqualTo("*2 $1 a $3 1.5");
        assertThat(client.run3("ZRANDMEMBER z -2 withscores")).isEqualTo("*2 *2 $1 a ,1.5 *2 $1 a ,1.5");
        assertThat(client.run("ZRANDMEMBER z 0")).isEqualTo("*0");
    }

    @Test
    void zscan_scores_areStrings() {
        client.run("ZADD z 1.5 a");
        assertThat(client.run3("ZSCAN z 0")).isEqualTo("*2 $1 0 *2 $1 a $3 1.5");
        assertThat(client.run("ZSCAN z 0 MATCH b* COUNT 5")).isEqualTo("*2 $1 0 *0");
        assertThat(client.run("ZSCAN absent 0")).isEqualTo("*2 $1 0 *0");
        assertThat(client.run("ZSCAN z x")).isEqualTo("-ERR invalid cursor");
        assertThat(client.run("ZSCAN z 0 NOVALUES")).isEqualTo("-ERR NOVALUES option can only be used in HSCAN");
    }

    @Test
    void zunion_options_weighAndAggregate() {
        client.run("ZADD x 1 a 2 b");
        client.run("ZADD y 10 b 20 c");
        assertThat(client.run("ZUNION 2 x y")).isEqualTo("*3 $1 a $1 b $1 c");
        assertThat(client.run3("ZUNION 2 x y WITHSCORES")).isEqualTo("*3 *2 $1 a ,1 *2 $1 b ,12 *2 $1 c ,20");
        assertThat(client.run("ZUNION 2 x y WEIGHTS 2 0.5 AGGREGATE max WITHSCORES"))
                .isEqualTo("*6 $1 a $1 2 $1 b $1 5 $1 c $2 10");
        assertThat(client.run("ZUNION 2 x y AGGREGATE MIN WITHSCORES")).isEqualTo("*6 $1 a $1 1 $1 b $1 2 $1 c $2 20");
        assertThat(client.run("ZUNION 2 x absent")).isEqualTo("*2 $1 a $1 b");
    }

    @Test
    void zinterZdiffZintercard_sets_answerWhatTheyHaveInCommonOrNot() {
        client.run("ZADD x 1 a 2 b 3 c");
        client.run("ZADD y 10 b 20 c");
        assertThat(client.run("ZINTER 2 x y WITHSCORES")).isEqualTo("*4 $1 b $2 12 $1 c $2 23");
        assertThat(client.run("ZINTER 2 x y WEIGHTS 1 -1 AGGREGATE SUM WITHSCORES"))
                .isEqualTo("*4 $1 c $3 -17 $1 b $2 -8");
        assertThat(client.run("ZINTER 2 x absent")).isEqualTo("*0");
        assertThat(client.run3("ZDIFF 2 x y WITHSCORES")).isEqualTo("*1 *2 $1 a ,1");
        assertThat(client.run("ZDIFF 2 x absent")).isEqualTo("*3 $1 a $1 b $1 c");
        assertThat(client.run("ZINTERCARD 2 x y")).isEqualTo(":2");
        assertThat(client.run("ZINTERCARD 2 x y LIMIT 1")).isEqualTo(":1");
        assertThat(client.run("ZINTERCARD 2 x y LIMIT 0")).isEqualTo(":2");
    }

    @Test
    void stores_combinations_replaceTheDestination() {
        client.run("ZADD x 1 a 2 b");
        client.run("ZADD y 10 b");
        assertThat(client.run("ZUNIONSTORE d 2 x y WEIGHTS 1 2")).isEqualTo(":2");
        assertThat(all("d")).isEqualTo("*4 $1 a $1 1 $1 b $2 22");
        assertThat(client.run("ZINTERSTORE d 2 x y AGGREGATE MIN")).isEqualTo(":1");
        assertThat(all("d")).isEqualTo("*2 $1 b $1 2");
        assertThat(client.run("ZDIFFSTORE x 2 x y")).isEqualTo(":1");
        assertThat(all("x")).isEqualTo("*2 $1 a $1 1");
        assertThat(client.run("ZDIFFSTORE d 1 absent")).isEqualTo(":0");
        assertThat(client.run("ZCARD d")).isEqualTo(":0");
        assertThat(keys("ZUNIONSTORE d 2 x y WEIGHTS 1 2"))
                .containsExactly(Bytes.utf8("d"), Bytes.utf8("x"), Bytes.utf8("y"));
        assertThat(keys("ZINTER 2 x y")).containsExactly(Bytes.utf8("x"), Bytes.utf8("y"));
    }

    @Test
    void zadd_sameMemberAtTwoNodes_showsTheNewest() {
        client.run("ZADD z 1 a 2 b");
        meet();
        far().advance(5);
        client.run("ZADD z GT 9 a");
        there().run("ZADD z GT 7 a");
        there().run("ZADD z 2 b");
        client.run("ZREM z b");
        meet();

        assertThat(all(client, "z")).isEqualTo(all(there(), "z")).isEqualTo("*4 $1 b $1 2 $1 a $1 7");
    }

    @Test
    void everyWrite_saysWhatConcurrentUseGives() {
        Stream.of(SortedSetCommands.all(), SortedSetCombinationCommands.all())
                .flatMap(List::stream)
                .forEach(command -> {
                    assertThat(AllCommands.table().find(command.name())).isNotNull();
                    assertThat(command.summary()).endsWith(".");
                    if (command.isWrite()) {
                        assertThat(command.concurrently()).endsWith(".");
                    }
                });
    }
}
