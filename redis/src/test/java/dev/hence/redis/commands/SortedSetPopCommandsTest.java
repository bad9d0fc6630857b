package dev.hence.redis.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.execution.Action;
import org.junit.jupiter.api.Test;

/** The commands that remove the lowest or highest members of a sorted set. */
final class SortedSetPopCommandsTest extends CommandsTest {

    @Test
    void zpops_withAndWithoutCount_answerMembersAndScores() {
        client.run("ZADD z 1 a 2 b 3 c 4 d 5 e");
        assertThat(client.run3("ZPOPMIN z")).isEqualTo("*2 $1 a ,1");
        assertThat(client.run("ZPOPMAX z")).isEqualTo("*2 $1 e $1 5");
        assertThat(client.run3("ZPOPMIN z 2")).isEqualTo("*2 *2 $1 b ,2 *2 $1 c ,3");
        assertThat(client.run("ZPOPMAX z 0")).isEqualTo("*0");
        assertThat(client.run("ZPOPMAX z 9")).isEqualTo("*2 $1 d $1 4");
        assertThat(client.run("ZPOPMAX z")).isEqualTo("*0");
        assertThat(client.run3("ZPOPMIN z 3")).isEqualTo("*0");
    }

    @Test
    void zmpop_severalSets_takesFromTheFirstThatHasMembers() {
        client.run("ZADD z 1 a 2 b 3 c");
        assertThat(client.run("ZMPOP 2 absent z MIN")).isEqualTo("*2 $1 z *1 *2 $1 a $1 1");
        assertThat(client.run3("ZMPOP 1 z max COUNT 9")).isEqualTo("*2 $1 z *2 *2 $1 c ,3 *2 $1 b ,2");
        assertThat(client.run("ZMPOP 1 z MAX")).isEqualTo("*-1");
        assertThat(keys("ZMPOP 2 a b MIN")).containsExactly(Bytes.utf8("a"), Bytes.utf8("b"));
    }

    @Test
    void blockingPops_thereOrNot_answerAsTheyWait() {
        client.run("ZADD z 1 a 2 b 3 c");
        assertThat(client.run("BZPOPMIN absent z 0")).isEqualTo("*3 $1 z $1 a $1 1");
        assertThat(client.run3("BZPOPMAX z 1")).isEqualTo("*3 $1 z $1 c ,3");
        assertThat(client.run("BZMPOP 1 1 z MIN")).isEqualTo("*2 $1 z *1 *2 $1 b $1 2");
        int updates = node.updates().size();
        assertThat(client.run("BZPOPMIN z 0.01")).isEqualTo("*-1");
        assertThat(client.run3("BZMPOP 0.01 1 z MIN")).isEqualTo("_");
        assertThat(node.updates()).hasSize(updates);

        Action.Attempt attempt = ((Action.Blocking) command("BZPOPMIN a b 0.5").action())
                .attempt(Arguments.of("BZPOPMIN", "a", "b", "0.5"));
        assertThat(attempt.keys()).containsExactly(Bytes.utf8("a"), Bytes.utf8("b"));
        assertThat(attempt.timeoutMillis()).isEqualTo(500);
        assertThat(keys("BZMPOP 1 2 a b MIN")).containsExactly(Bytes.utf8("a"), Bytes.utf8("b"));
    }
}
