package dev.hence.redis.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.redis.connection.Arguments;
import dev.hence.redis.execution.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SetCommandsTest extends CommandsTest {

    @Test
    void saddAndSrem_members_answerHowManyChanged() {
        assertThat(client.run("SADD s x y y")).isEqualTo(":2");
        assertThat(client.run("SADD s x z")).isEqualTo(":1");
        assertThat(client.run("SREM s x x absent")).isEqualTo(":1");
        assertThat(client.run("SREM s absent")).isEqualTo(":0");
        assertThat(client.run("SREM nothing x")).isEqualTo(":0");
        assertThat(client.sorted("SMEMBERS s")).containsExactly("y", "z");
    }

    @Test
    void smembers_members_areASet() {
        assertThat(client.run("SMEMBERS s")).isEqualTo("*0");
        assertThat(client.run3("SMEMBERS s")).isEqualTo("~0");
        client.run("SADD s x");
        assertThat(client.run("SMEMBERS s")).isEqualTo("*1 $1 x");
        assertThat(client.run3("SMEMBERS s")).isEqualTo("~1 $1 x");
    }

    @Test
    void sismemberSmismemberScard_presentAndAbsent_answerNumbers() {
        client.run("SADD s x y");
        assertThat(client.run("SISMEMBER s x")).isEqualTo(":1");
        assertThat(client.run("SISMEMBER s z")).isEqualTo(":0");
        assertThat(client.run("SISMEMBER absent x")).isEqualTo(":0");
        assertThat(client.run3("SMISMEMBER s x z y")).isEqualTo("*3 :1 :0 :1");
        assertThat(client.run("SMISMEMBER absent x z")).isEqualTo("*2 :0 :0");
        assertThat(client.run("SCARD s")).isEqualTo(":2");
        assertThat(client.run("SCARD absent")).isEqualTo(":0");
    }

    @Test
    void spop_withoutCount_isOneMemberOrNull() {
        client.run("SADD s x");
        assertThat(client.run("SPOP s")).isEqualTo("$1 x");
        assertThat(client.run("SPOP s")).isEqualTo("$-1");
        assertThat(client.run3("SPOP s")).isEqualTo("_");
    }

    @Test
    void spop_counts_areSetsOfDifferentMembers() {
        client.run("SADD s x y z");
        assertThat(client.run3("SPOP s 0")).isEqualTo("~0");
        List<String> popped = new ArrayList<>(client.sorted("SPOP s 2"));
        assertThat(popped).hasSize(2);
        assertThat(client.run("SCARD s")).isEqualTo(":1");
        popped.addAll(client.sorted("SPOP s 5"));
        assertThat(popped).containsExactlyInAnyOrder("x", "y", "z");
        assertThat(client.run("SPOP s 5")).isEqualTo("*0");
        client.run("SADD s x");
        assertThat(client.run3("SPOP s 5")).isEqualTo("~1 $1 x");
    }

    @Test
    void srandmember_withoutCount_isOneMemberOrNull() {
        assertThat(client.run("SRANDMEMBER s")).isEqualTo("$-1");
        client.run("SADD s x");
        assertThat(client.run("SRANDMEMBER s")).isEqualTo("$1 x");
        assertThat(client.run("SCARD s")).isEqualTo(":1");
    }

    @Test
    void srandmember_counts_areListsOfDifferentOrRepeatedMembers() {
        client.run("SADD s x y z");
        assertThat(client.run3("SRANDMEMBER s 0")).isEqualTo("*0");
        assertThat(client.sorted("SRANDMEMBER s 2")).hasSize(2).doesNotHaveDuplicates();
        assertThat(client.run3("SRANDMEMBER s 5")).startsWith("*3 ");
        assertThat(client.sorted("SRANDMEMBER s -50")).hasSize(50).contains("x", "y", "z");
        assertThat(client.run("SRANDMEMBER absent 5")).isEqualTo("*0");
        assertThat(client.run("SRANDMEMBER absent -5")).isEqualTo("*0");
    }

    @Test
    void smove_presentAndAbsent_answersWhetherItMoved() {
        client.run("SADD s x");
        assertThat(client.run("SMOVE s t y")).isEqualTo(":0");
        assertThat(client.run("SMOVE s s x")).isEqualTo(":1");
        assertThat(client.run("SMOVE s t x")).isEqualTo(":1");
        assertThat(client.run("SMOVE s t x")).isEqualTo(":0");
        assertThat(client.run("SCARD s")).isEqualTo(":0");
        assertThat(client.run("SMEMBERS t")).isEqualTo("*1 $1 x");
    }

    @Test
    void combinations_sets_areSets() {
        client.run("SADD s a b c");
        client.run("SADD t b c d");
        assertThat(client.sorted("SINTER s t")).containsExactly("b", "c");
        assertThat(client.sorted("SUNION s t")).containsExactly("a", "b", "c", "d");
        assertThat(client.run3("SDIFF s t")).isEqualTo("~1 $1 a");
        assertThat(client.run3("SDIFF t s absent")).isEqualTo("~1 $1 d");
        assertThat(client.run3("SINTER s absent")).isEqualTo("~0");
        assertThat(client.run("SUNION absent")).isEqualTo("*0");
        assertThat(client.run3("SUNION absent")).isEqualTo("~0");
        assertThat(client.sorted("SINTER s")).containsExactly("a", "b", "c");
    }

    @Test
    void sintercard_limits_countNoFurther() {
        client.run("SADD s a b c");
        client.run("SADD t b c d");
        assertThat(client.run("SINTERCARD 2 s t")).isEqualTo(":2");
        assertThat(client.run("SINTERCARD 2 s t LIMIT 0")).isEqualTo(":2");
        assertThat(client.run("SINTERCARD 2 s t limit 1")).isEqualTo(":1");
        assertThat(client.run("SINTERCARD 2 s t LIMIT 9")).isEqualTo(":2");
        assertThat(client.run("SINTERCARD 1 s")).isEqualTo(":3");
        assertThat(client.run("SINTERCARD 2 s absent")).isEqualTo(":0");
    }

    @Test
    void stores_results_replaceTheDestination() {
        client.run("SADD s a b c");
        client.run("SADD t b c d");
        makeString("d", "text");
        assertThat(client.run("SINTERSTORE d s t")).isEqualTo(":2");
        assertThat(client.sorted("SMEMBERS d")).containsExactly("b", "c");
        assertThat(client.run("SUNIONSTORE d d s")).isEqualTo(":3");
        assertThat(client.sorted("SMEMBERS d")).containsExactly("a", "b", "c");
        assertThat(client.run("SDIFFSTORE d s t")).isEqualTo(":1");
        assertThat(client.run("SMEMBERS d")).isEqualTo("*1 $1 a");
        assertThat(client.run("SINTERSTORE d s absent")).isEqualTo(":0");
        assertThat(client.run("SCARD d")).isEqualTo(":0");
    }

    /** All elements of a scan, over all pages. */
    private List<String> scan(String options) {
        List<String> shown = new ArrayList<>();
        String cursor = "0";
        do {
            List<?> reply = values("SSCAN s " + cursor + options);
            cursor = String.valueOf(reply.getFirst());
            ((List<?>) reply.getLast()).forEach(each -> shown.add(String.valueOf(each)));
        } while (!cursor.equals("0"));
        return shown;
    }

    @Test
    void sscan_fromCursorToCursor_showsEachMemberOnce() {
        assertThat(client.run("SSCAN s 0")).isEqualTo("*2 $1 0 *0");
        client.run("SADD s " + IntStream.range(0, 35).mapToObj(i -> "m" + i).collect(Collectors.joining(" ")));
        assertThat(scan("")).hasSize(35).doesNotHaveDuplicates();
        assertThat(scan(" COUNT 3 MATCH m3?")).containsExactlyInAnyOrder("m30", "m31", "m32", "m33", "m34");
    }

    @ParameterizedTest
    @CsvSource({
        "SPOP s -1, 'ERR value is out of range, must be positive'",
        "SPOP s x, 'ERR value is out of range, must be positive'",
        "SPOP s 1 1, ERR syntax error",
        "SRANDMEMBER s x, ERR value is not an integer or out of range",
        "SRANDMEMBER s 1 1, ERR syntax error",
        "SRANDMEMBER s -100001, 'ERR value is out of range, at most 100000 repetitions'",
        "SINTERCARD 0 s, ERR numkeys should be greater than 0",
        "SINTERCARD x s, ERR numkeys should be greater than 0",
        "SINTERCARD 2 s, ERR Number of keys can't be greater than number of args",
        "SINTERCARD 1 s t, ERR syntax error",
        "SINTERCARD 1 s LIMIT, ERR syntax error",
        "SINTERCARD 1 s LIMIT -1, ERR LIMIT can't be negative",
        "SINTERCARD 1 s LIMIT x, ERR LIMIT can't be negative",
        "SINTERCARD 1 s COUNT 1, ERR syntax error",
        "SSCAN s x, ERR invalid cursor",
        "SSCAN s 0 NOVALUES, ERR NOVALUES option can only be used in HSCAN",
        "SSCAN s 0 COUNT 0, ERR syntax error"
    })
    void anyCommand_badArguments_isRefused(String line, String error) {
        client.run("SADD s x");
        assertThat(client.run(line)).isEqualTo("-" + error);
        assertThat(node.updates()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SADD k x",
                "SREM k x",
                "SMEMBERS k",
                "SISMEMBER k x",
                "SMISMEMBER k x",
                "SCARD k",
                "SPOP k",
                "SPOP k 1",
                "SRANDMEMBER k",
                "SRANDMEMBER k -1",
                "SMOVE k s x",
                "SMOVE s k x",
                "SINTER absent k",
                "SINTERSTORE d absent k",
                "SINTERCARD 2 absent k",
                "SUNION s k",
                "SUNIONSTORE d s k",
                "SDIFF absent k",
                "SDIFFSTORE d absent k",
                "SSCAN k 0"
            })
    void anyCommand_keyOfAnotherType_isRefused(String line) {
        client.run("SADD s x");
        makeString("k", "text");
        assertThat(client.run(line)).isEqualTo(WRONG_TYPE);
        assertThat(node.updates()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SADD k",
                "SREM k",
                "SMEMBERS k x",
                "SISMEMBER k",
                "SMISMEMBER k",
                "SCARD k x",
                "SPOP",
                "SRANDMEMBER",
                "SMOVE k s",
                "SINTER",
                "SINTERSTORE d",
                "SINTERCARD 1",
                "SUNION",
                "SUNIONSTORE d",
                "SDIFF",
                "SDIFFSTORE d",
                "SSCAN k"
            })
    void anyCommand_wrongNumberOfWords_isRefused(String line) {
        String name = line.split(" ", 2)[0].toLowerCase(Locale.ROOT);
        assertThat(client.run(line)).isEqualTo("-ERR wrong number of arguments for '" + name + "' command");
    }

    @ParameterizedTest
    @CsvSource({
        "SADD k x, [k]",
        "SMOVE k s x, '[k, s]'",
        "SINTER k s t, '[k, s, t]'",
        "SDIFFSTORE d k s, '[d, k, s]'",
        "SINTERCARD 2 k s LIMIT 1, '[k, s]'"
    })
    void keys_command_areTheWordsThatNameKeys(String line, String keys) {
        Arguments arguments = Arguments.of(line.split(" "));
        Command command = Objects.requireNonNull(AllCommands.table().find(arguments.text(0)));
        assertThat(command.keys().keys(arguments)).hasToString(keys);
    }

    @Test
    void sadd_presentMemberThatAnotherNodeRemoves_keepsIt() {
        client.run("SADD s x y");
        meet();
        client.run("SADD s x");
        there().run("SREM s x y");
        meet();
        assertThat(client.run("SMEMBERS s")).isEqualTo("*1 $1 x");
        assertThat(there().run("SMEMBERS s")).isEqualTo("*1 $1 x");
    }

    @Test
    void spop_atTwoNodes_mayAnswerTheSameMember() {
        client.run("SADD s x");
        meet();
        assertThat(client.run("SPOP s")).isEqualTo("$1 x");
        assertThat(there().run("SPOP s 1")).isEqualTo("*1 $1 x");
        meet();
        assertThat(client.run("SCARD s")).isEqualTo(":0");
    }

    @Test
    void smove_toDifferentSetsAtTwoNodes_endsUpInBoth() {
        client.run("SADD s x");
        meet();
        client.run("SMOVE s t x");
        there().run("SMOVE s u x");
        meet();
        assertThat(client.run("SCARD s")).isEqualTo(":0");
        assertThat(client.run("SINTER t u")).isEqualTo("*1 $1 x");
        assertThat(there().run("SINTER t u")).isEqualTo("*1 $1 x");
    }

    @Test
    void stores_atTwoNodes_holdTheMembersOfBothResults() {
        client.run("SADD s a");
        client.run("SADD d old");
        meet();
        client.run("SUNIONSTORE d s");
        there().run("SADD s b");
        there().run("SUNIONSTORE d s");
        there().run("SADD d added");
        meet();
        assertThat(client.sorted("SMEMBERS d")).containsExactly("a", "added", "b");
        assertThat(there().sorted("SMEMBERS d")).containsExactly("a", "added", "b");
    }
}
