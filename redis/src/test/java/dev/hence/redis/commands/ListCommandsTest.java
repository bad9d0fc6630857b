package dev.hence.redis.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.crdt.Bytes;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.execution.Action;
import dev.hence.redis.execution.Command;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ListCommandsTest extends CommandsTest {

    private static Action.Attempt attempt(String line) {
        Arguments arguments = Arguments.of(line.split(" "));
        Command command = AllCommands.table().command(arguments);
        return ((Action.Blocking) command.action()).attempt(arguments);
    }

    @Test
    void pushes_eitherEnd_answerTheLength() {
        assertThat(client.run("RPUSH l c d")).isEqualTo(":2");
        assertThat(client.run("LPUSH l b a")).isEqualTo(":4");
        assertThat(client.run("LRANGE l 0 -1")).isEqualTo("*4 $1 a $1 b $1 c $1 d");
        assertThat(client.run("LLEN l")).isEqualTo(":4");
        assertThat(client.run("LLEN absent")).isEqualTo(":0");
    }

    @Test
    void pushesIfPresent_absentKey_pushNothing() {
        assertThat(client.run("LPUSHX l a")).isEqualTo(":0");
        assertThat(client.run("RPUSHX l a b")).isEqualTo(":0");
        assertThat(node.updates()).isEmpty();
        client.run("RPUSH l m");
        assertThat(client.run("LPUSHX l b a")).isEqualTo(":3");
        assertThat(client.run("RPUSHX l x")).isEqualTo(":4");
        assertThat(client.run("LRANGE l 0 -1")).isEqualTo("*4 $1 a $1 b $1 m $1 x");
    }

    @Test
    void pops_withoutCount_areOneElementOrNull() {
        client.run("RPUSH l a b c");
        assertThat(client.run("LPOP l")).isEqualTo("$1 a");
        assertThat(client.run("RPOP l")).isEqualTo("$1 c");
        assertThat(client.run("RPOP l")).isEqualTo("$1 b");
        assertThat(client.run("LPOP l")).isEqualTo("$-1");
        assertThat(client.run3("RPOP l")).isEqualTo("_");
    }

    @Test
    void pops_counts_areLists() {
        assertThat(client.run("LPOP l 1")).isEqualTo("*-1");
        assertThat(client.run("LPOP l 0")).isEqualTo("*-1");
        assertThat(client.run3("RPOP l 1")).isEqualTo("_");
        client.run("RPUSH l a b c d");
        assertThat(client.run("LPOP l 0")).isEqualTo("*0");
        assertThat(client.run("LPOP l 2")).isEqualTo("*2 $1 a $1 b");
        assertThat(client.run("RPOP l 9")).isEqualTo("*2 $1 d $1 c");
        assertThat(client.run("LLEN l")).isEqualTo(":0");
    }

    @Test
    void lrangeAndLindex_indexes_countFromEitherEnd() {
        client.run("RPUSH l a b c");
        assertThat(client.run("LRANGE l 1 1")).isEqualTo("*1 $1 b");
        assertThat(client.run("LRANGE l -2 -1")).isEqualTo("*2 $1 b $1 c");
        assertThat(client.run("LRANGE l 5 9")).isEqualTo("*0");
        assertThat(client.run("LRANGE absent 0 -1")).isEqualTo("*0");
        assertThat(client.run("LINDEX l 0")).isEqualTo("$1 a");
        assertThat(client.run("LINDEX l -1")).isEqualTo("$1 c");
        assertThat(client.run("LINDEX l 3")).isEqualTo("$-1");
        assertThat(client.run("LINDEX absent 0")).isEqualTo("$-1");
    }

    @Test
    void lset_indexes_replaceOrRefuse() {
        assertThat(client.run("LSET l 0 x")).isEqualTo("-ERR no such key");
        client.run("RPUSH l a b c");
        assertThat(client.run("LSET l -1 x")).isEqualTo("+OK");
        assertThat(client.run("LSET l 3 x")).isEqualTo("-ERR index out of range");
        assertThat(client.run("LSET l -4 x")).isEqualTo("-ERR index out of range");
        assertThat(client.run("LRANGE l 0 -1")).isEqualTo("*3 $1 a $1 b $1 x");
    }

    @Test
    void linsert_pivots_answerTheLengthOrWhyNot() {
        assertThat(client.run("LINSERT l BEFORE a x")).isEqualTo(":0");
        client.run("RPUSH l a b a");
        assertThat(client.run("LINSERT l before a x")).isEqualTo(":4");
        assertThat(client.run("LINSERT l AFTER a y")).isEqualTo(":5");
        assertThat(client.run("LINSERT l AFTER none y")).isEqualTo(":-1");
        assertThat(client.run("LRANGE l 0 -1")).isEqualTo("*5 $1 x $1 a $1 y $1 b $1 a");
        assertThat(client.run("LINSERT l BESIDE a y")).isEqualTo("-ERR syntax error");
    }

    @Test
    void linsert_alwaysBetweenTheSame_refusesAtLast() {
        client.run("RPUSH l p q");
        String left = "p";
        String right = "q";
        String answer = "";
        for (int i = 0; i < 10_000 && !answer.startsWith("-"); i++) {
            boolean goesLeft = i % 2 == 0;
            answer = client.run("LINSERT l " + (goesLeft ? "AFTER " + left : "BEFORE " + right) + " m" + i);
            left = goesLeft ? left : "m" + i;
            right = goesLeft ? "m" + i : right;
        }
        assertThat(answer)
                .isEqualTo("-ERR list position: more than 64 steps"
                        + " (expected: fewer insertions between the same neighbours)");
    }

    @Test
    void lrem_counts_removeFromEitherEnd() {
        client.run("RPUSH l x a x b x c x");
        assertThat(client.run("LREM l 1 x")).isEqualTo(":1");
        assertThat(client.run("LREM l -1 x")).isEqualTo(":1");
        assertThat(client.run("LRANGE l 0 -1")).isEqualTo("*5 $1 a $1 x $1 b $1 x $1 c");
        assertThat(client.run("LREM l 0 x")).isEqualTo(":2");
        assertThat(client.run("LREM l 0 x")).isEqualTo(":0");
        assertThat(client.run("LREM absent 0 x")).isEqualTo(":0");
    }

    @Test
    void ltrim_indexes_keepWhatIsBetween() {
        assertThat(client.run("LTRIM l 0 1")).isEqualTo("+OK");
        client.run("RPUSH l a b c d");
        assertThat(client.run("LTRIM l 1 -2")).isEqualTo("+OK");
        assertThat(client.run("LRANGE l 0 -1")).isEqualTo("*2 $1 b $1 c");
        assertThat(client.run("LTRIM l 5 9")).isEqualTo("+OK");
        assertThat(client.run("LLEN l")).isEqualTo(":0");
    }

    @Test
    void lmoveAndRpoplpush_lists_answerTheElement() {
        assertThat(client.run("LMOVE l k LEFT RIGHT")).isEqualTo("$-1");
        client.run("RPUSH l a b c d");
        assertThat(client.run("LMOVE l k left right")).isEqualTo("$1 a");
        assertThat(client.run("LMOVE l k RIGHT LEFT")).isEqualTo("$1 d");
        assertThat(client.run("RPOPLPUSH l k")).isEqualTo("$1 c");
        assertThat(client.run("LRANGE k 0 -1")).isEqualTo("*3 $1 c $1 d $1 a");
        assertThat(client.run("RPOPLPUSH k k")).isEqualTo("$1 a");
        assertThat(client.run("LRANGE k 0 -1")).isEqualTo("*3 $1 a $1 c $1 d");
        assertThat(client.run("LMOVE l k UP DOWN")).isEqualTo("-ERR syntax error");
        makeString("s", "text");
        assertThat(client.run("LMOVE l s LEFT LEFT")).isEqualTo(WRONG_TYPE);
        assertThat(client.run("LMOVE s l LEFT LEFT")).isEqualTo(WRONG_TYPE);
        assertThat(client.run("LMOVE absent s LEFT LEFT")).isEqualTo("$-1");
    }

    @Test
    void lpos_options_findIndexes() {
        client.run("RPUSH l a b c 1 2 3 c c");
        assertThat(client.run("LPOS l c")).isEqualTo(":2");
        assertThat(client.run("LPOS l c RANK 2")).isEqualTo(":6");
        assertThat(client.run("LPOS l c RANK -1")).isEqualTo(":7");
        assertThat(client.run("LPOS l c COUNT 2")).isEqualTo("*2 :2 :6");
        assertThat(client.run("LPOS l c COUNT 0 RANK -2")).isEqualTo("*2 :6 :2");
        assertThat(client.run("LPOS l c COUNT 0 MAXLEN 7")).isEqualTo("*2 :2 :6");
        assertThat(client.run("LPOS l c MAXLEN 0")).isEqualTo(":2");
        assertThat(client.run("LPOS l c MAXLEN 2")).isEqualTo("$-1");
        assertThat(client.run("LPOS l x")).isEqualTo("$-1");
        assertThat(client.run("LPOS l x COUNT 1")).isEqualTo("*0");
        assertThat(client.run("LPOS absent x")).isEqualTo("$-1");
        assertThat(client.run("LPOS absent x COUNT 0")).isEqualTo("*0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RANK 0 | ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use"
                        + " negative to start from the end of the list",
                "RANK x | ERR value is not an integer or out of range",
                "RANK -9223372036854775808 | ERR value is out of range, value must between -9223372036854775807 and"
                        + " 9223372036854775807",
                "COUNT -1 | ERR COUNT can't be negative",
                "COUNT x | ERR COUNT can't be negative",
                "MAXLEN -1 | ERR MAXLEN can't be negative",
                "MAXLEN | ERR syntax error",
                "OTHER 1 | ERR syntax error"
            })
    void lpos_unfitOption_refuses(String option, String error) {
        assertThat(client.run("LPOS l c " + option)).isEqualTo("-" + error);
    }

    @Test
    void lmpop_severalLists_takesFromTheFirstThatHasElements() {
        client.run("RPUSH l a b c");
        assertThat(client.run("LMPOP 2 absent l LEFT")).isEqualTo("*2 $1 l *1 $1 a");
        assertThat(client.run("LMPOP 1 l RIGHT COUNT 5")).isEqualTo("*2 $1 l *2 $1 c $1 b");
        assertThat(client.run("LMPOP 1 l RIGHT COUNT 5")).isEqualTo("*-1");
        assertThat(client.run3("LMPOP 1 l RIGHT")).isEqualTo("_");
        assertThat(keys("LMPOP 2 absent l LEFT")).containsExactly(Bytes.utf8("absent"), Bytes.utf8("l"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LMPOP 0 l LEFT | ERR numkeys should be greater than 0",
                "LMPOP x l LEFT | ERR numkeys should be greater than 0",
                "LMPOP 2 l LEFT | ERR syntax error",
                "LMPOP 9223372036854775807 l LEFT | ERR syntax error",
                "LMPOP 1 l MIDDLE | ERR syntax error",
                "LMPOP 1 l LEFT COUNT 0 | ERR count should be greater than 0",
                "LMPOP 1 l LEFT COUNT x | ERR count should be greater than 0",
                "LMPOP 1 l LEFT COUNT | ERR syntax error",
                "LMPOP 1 l LEFT LIMIT 1 | ERR syntax error",
                "LMPOP 1 l LEFT COUNT 1 COUNT 1 | ERR syntax error",
                "LPOP l -1 | ERR value is out of range, must be positive",
                "LPOP l x | ERR value is out of range, must be positive",
                "LPOP l 1 2 | ERR wrong number of arguments for 'lpop' command",
                "RPOP l 1 2 | ERR wrong number of arguments for 'rpop' command",
                "LPUSH l | ERR wrong number of arguments for 'lpush' command",
                "LRANGE l a 1 | ERR value is not an integer or out of range",
                "LRANGE l 1 b | ERR value is not an integer or out of range",
                "LINDEX l x | ERR value is not an integer or out of range",
                "LREM l x a | ERR value is not an integer or out of range",
                "LTRIM l 0 x | ERR value is not an integer or out of range"
            })
    void anything_unfitArguments_refuses(String line, String error) {
        assertThat(client.run(line)).isEqualTo("-" + error);
    }

    @Test
    void lset_indexNotANumber_refuses() {
        client.run("RPUSH l a");
        assertThat(client.run("LSET l x a")).isEqualTo("-ERR value is not an integer or out of range");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LPUSH s a",
                "RPUSHX s a",
                "LPOP s",
                "LPOP s 2",
                "LRANGE s 0 1",
                "LINDEX s 0",
                "LLEN s",
                "LSET s 0 a",
                "LINSERT s BEFORE a b",
                "LREM s 0 a",
                "LTRIM s 0 1",
                "LPOS s a",
                "LMPOP 2 absent s LEFT",
                "BLPOP s 1",
                "BLMOVE s l LEFT LEFT 1"
            })
    void anything_keyOfAnotherType_refuses(String line) {
        makeString("s", "text");
        assertThat(client.run(line)).isEqualTo(WRONG_TYPE);
    }

    @Test
    void blockingPops_elementsThere_answerAtOnce() {
        client.run("RPUSH l a b c d e f");
        assertThat(client.run("BLPOP absent l 0")).isEqualTo("*2 $1 l $1 a");
        assertThat(client.run("BRPOP l 0.1")).isEqualTo("*2 $1 l $1 f");
        assertThat(client.run("BLMPOP 1 2 absent l LEFT COUNT 2")).isEqualTo("*2 $1 l *2 $1 b $1 c");
        assertThat(client.run("BLMOVE l k RIGHT LEFT 1")).isEqualTo("$1 e");
        assertThat(client.run("BRPOPLPUSH l k 1")).isEqualTo("$1 d");
        assertThat(client.run("LRANGE k 0 -1")).isEqualTo("*2 $1 d $1 e");
    }

    @Test
    void blockingPops_nothingThere_answerNullOnceTheirTimeIsUp() {
        assertThat(client.run("BLPOP l 0.01")).isEqualTo("*-1");
        assertThat(client.run("BLMPOP 0.01 1 l LEFT")).isEqualTo("*-1");
        assertThat(client.run("BLMOVE l k LEFT LEFT 0.01")).isEqualTo("*-1");
        assertThat(client.run3("BRPOPLPUSH l k 0.01")).isEqualTo("_");
        assertThat(node.updates()).isEmpty();
    }

    @Test
    void blockingPops_words_sayWhatTheyWaitForAndHowLong() {
        assertThat(attempt("BLPOP a b 0").keys()).containsExactly(Bytes.utf8("a"), Bytes.utf8("b"));
        assertThat(attempt("BLPOP a 0").timeoutMillis()).isZero();
        assertThat(attempt("BRPOP a 1.5").timeoutMillis()).isEqualTo(1_500);
        assertThat(attempt("BLPOP a 0.0001").timeoutMillis()).isEqualTo(1);
        assertThat(attempt("BLMPOP 2 2 a b LEFT").keys()).containsExactly(Bytes.utf8("a"), Bytes.utf8("b"));
        assertThat(attempt("BLMPOP 2 2 a b LEFT").timeoutMillis()).isEqualTo(2_000);
        assertThat(attempt("BLMOVE a b LEFT LEFT 3").keys()).containsExactly(Bytes.utf8("a"));
        assertThat(attempt("BRPOPLPUSH a b 3").timeoutMillis()).isEqualTo(3_000);
        assertThat(keys("BLPOP a b 0")).containsExactly(Bytes.utf8("a"), Bytes.utf8("b"));
        assertThat(keys("BLMPOP 0 2 a b LEFT")).containsExactly(Bytes.utf8("a"), Bytes.utf8("b"));
        assertThat(keys("BLMOVE a b LEFT LEFT 3")).containsExactly(Bytes.utf8("a"), Bytes.utf8("b"));
    }

    @ParameterizedTest
    @CsvSource({
        "x, ERR timeout is not a float or out of range",
        "nan, ERR timeout is not a float or out of range",
        "-1, ERR timeout is negative",
        "-inf, ERR timeout is negative",
        "1e20, ERR timeout is out of range",
        "inf, ERR timeout is out of range"
    })
    void blockingPops_unfitTimeout_refuse(String timeout, String error) {
        for (String line : List.of("BLPOP l " + timeout, "BLMOVE l k LEFT LEFT " + timeout)) {
            assertThatThrownBy(() -> attempt(line))
                    .isInstanceOf(RedisError.class)
                    .hasMessage(error);
        }
        assertThatThrownBy(() -> attempt("BLMPOP " + timeout + " 1 l LEFT")).hasMessage(error);
    }

    @Test
    void pushes_atTwoNodes_stayTogether() {
        client.run("RPUSH l m");
        meet();
        client.run("RPUSH l a b c");
        there().run("RPUSH l x y z");
        meet();

        assertThat(client.run("LRANGE l 0 -1"))
                .isEqualTo(there().run("LRANGE l 0 -1"))
                .isEqualTo("*7 $1 m $1 a $1 b $1 c $1 x $1 y $1 z");
    }

    @Test
    void lmove_sameElementAtTwoNodes_isThereTwice() {
        client.run("RPUSH l a");
        meet();
        client.run("LMOVE l k LEFT LEFT");
        there().run("LMOVE l k LEFT LEFT");
        meet();

        assertThat(client.run("LRANGE k 0 -1"))
                .isEqualTo(there().run("LRANGE k 0 -1"))
                .isEqualTo("*2 $1 a $1 a");
        assertThat(client.run("LLEN l")).isEqualTo(":0");
    }

    @Test
    void expiredKey_isAnEmptyList() {
        client.run("RPUSH l a b");
        client.run("PEXPIRE l 10");
        node.advance(10);
        assertThat(client.run("LRANGE l 0 -1")).isEqualTo("*0");
        assertThat(client.run("LPOP l")).isEqualTo("$-1");
        assertThat(client.run("LPUSHX l c")).isEqualTo(":0");
        assertThat(client.run("RPUSH l c")).isEqualTo(":1");
    }

    @Test
    void everyWrite_saysWhatConcurrentUseGives() {
        for (Command command : ListCommands.all()) {
            assertThat(AllCommands.table().find(command.name())).isNotNull();
            if (command.isWrite()) {
                assertThat(command.concurrently()).endsWith(".");
            }
            assertThat(command.summary()).endsWith(".");
        }
    }
}
