package dev.hence.redis.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.redis.connection.Arguments;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HashCommandsTest extends CommandsTest {

    @Test
    void hset_newAndKnownFields_answersHowManyAreNew() {
        assertThat(client.run("HSET h f 1 g 2")).isEqualTo(":2");
        assertThat(client.run("hset h g 3 i 4 i 5")).isEqualTo(":1");
        assertThat(client.run("HMGET h f g i")).isEqualTo("*3 $1 1 $1 3 $1 5");
    }

    @Test
    void hmgetAndHgetdel_moreThanOneReplyHolds_areRefusedAndRemoveNothing() {
        client.run("HSET h f " + "x".repeat(1_000_000));

        assertThat(client.run("HMGET h" + " f".repeat(70))).startsWith("-ERR reply: more elements than fit");
        assertThat(client.run("HGETDEL h FIELDS 70" + " f".repeat(70)))
                .startsWith("-ERR reply: more elements than fit");
        assertThat(client.run("HSTRLEN h f")).isEqualTo(":1000000");
    }

    @Test
    void hmset_fields_answersOk() {
        assertThat(client.run("HMSET h f 1 g 2")).isEqualTo("+OK");
        assertThat(client.run("HLEN h")).isEqualTo(":2");
    }

    @Test
    void hset_fieldWithoutValue_isRefusedByItsName() {
        assertThat(client.run("HSET h f 1 g")).isEqualTo("-ERR wrong number of arguments for 'hset' command");
        assertThat(client.run("HmSet h f 1 g")).isEqualTo("-ERR wrong number of arguments for 'hmset' command");
        assertThat(node.updates()).isEmpty();
    }

    @Test
    void hsetnx_absentThenPresent_assignsOnce() {
        assertThat(client.run("HSETNX h f 1")).isEqualTo(":1");
        assertThat(client.run("HSETNX h f 2")).isEqualTo(":0");
        assertThat(client.run("HGET h f")).isEqualTo("$1 1");
    }

    @Test
    void hget_absent_isNull() {
        assertThat(client.run("HGET h f")).isEqualTo("$-1");
        assertThat(client.run3("HGET h f")).isEqualTo("_");
        assertThat(client.run("HMGET h f g")).isEqualTo("*2 $-1 $-1");
        assertThat(client.run3("HMGET h f g")).isEqualTo("*2 _ _");
    }

    @Test
    void hgetall_fields_isAMap() {
        assertThat(client.run("HGETALL h")).isEqualTo("*0");
        assertThat(client.run3("HGETALL h")).isEqualTo("%0");
        client.run("HSET h f 1");
        assertThat(client.run("HGETALL h")).isEqualTo("*2 $1 f $1 1");
        assertThat(client.run3("HGETALL h")).isEqualTo("%1 $1 f $1 1");
    }

    @Test
    void hkeysAndHvals_fields_areLists() {
        assertThat(client.run3("HKEYS h")).isEqualTo("*0");
        assertThat(client.run3("HVALS h")).isEqualTo("*0");
        client.run("HSET h f 1 g 2");
        assertThat(client.sorted("HKEYS h")).containsExactly("f", "g");
        assertThat(client.sorted("HVALS h")).containsExactly("1", "2");
        assertThat(client.run3("HKEYS h")).startsWith("*2 ");
    }

    @Test
    void hlenHexistsHstrlen_presentAndAbsent_answerNumbers() {
        client.run("HSET h f four");
        assertThat(client.run("HLEN h")).isEqualTo(":1");
        assertThat(client.run("HLEN absent")).isEqualTo(":0");
        assertThat(client.run("HEXISTS h f")).isEqualTo(":1");
        assertThat(client.run("HEXISTS h g")).isEqualTo(":0");
        assertThat(client.run("HSTRLEN h f")).isEqualTo(":4");
        assertThat(client.run("HSTRLEN h g")).isEqualTo(":0");
    }

    @Test
    void hdel_presentAndAbsent_answersHowManyWereThere() {
        client.run("HSET h f 1 g 2");
        assertThat(client.run("HDEL h f f x")).isEqualTo(":1");
        assertThat(client.run("HDEL h x")).isEqualTo(":0");
        assertThat(client.run("HDEL h g")).isEqualTo(":1");
        assertThat(client.run("HLEN h")).isEqualTo(":0");
    }

    @Test
    void hgetdel_fields_answersAndRemovesThem() {
        client.run("HSET h f 1 g 2 i 3");
        assertThat(client.run("HGETDEL h fields 3 f x f")).isEqualTo("*3 $1 1 $-1 $1 1");
        assertThat(client.run("HLEN h")).isEqualTo(":2");
        assertThat(client.run("HGETDEL absent FIELDS 1 f")).isEqualTo("*1 $-1");
        assertThat(client.run3("HGETDEL absent FIELDS 1 f")).isEqualTo("*1 _");
    }

    @ParameterizedTest
    @CsvSource({
        "HGETDEL h FIELD 1 f, ERR Mandatory argument FIELDS is missing or not at the right position",
        "HGETDEL h FIELDS 0 f, ERR Number of fields must be a positive integer",
        "HGETDEL h FIELDS x f, ERR Number of fields must be a positive integer",
        "HGETDEL h FIELDS 2 f, ERR The `numfields` parameter must match the number of arguments",
        "HGETDEL h FIELDS 1 f g, ERR The `numfields` parameter must match the number of arguments",
        "HGETDEL h FIELDS 1, ERR wrong number of arguments for 'hgetdel' command"
    })
    void hgetdel_badArguments_isRefused(String line, String error) {
        assertThat(client.run(line)).isEqualTo("-" + error);
    }

    @Test
    void hincrby_numbers_answersTheSum() {
        assertThat(client.run("HINCRBY h f 5")).isEqualTo(":5");
        assertThat(client.run("HINCRBY h f -7")).isEqualTo(":-2");
        assertThat(client.run("HGET h f")).isEqualTo("$2 -2");
    }

    @ParameterizedTest
    @CsvSource({
        "HINCRBY h text 1, ERR hash value is not an integer",
        "HINCRBY h half 1, ERR hash value is not an integer",
        "HINCRBY h max 1, ERR increment or decrement would overflow",
        "HINCRBY h max 1.5, ERR value is not an integer or out of range",
        "HINCRBY h max 9223372036854775808, ERR value is not an integer or out of range",
        "HINCRBYFLOAT h text 1, ERR hash value is not a float",
        "HINCRBYFLOAT h half x, ERR value is not a valid float",
        "HINCRBYFLOAT h half nan, ERR value is not a valid float",
        "HINCRBYFLOAT h half -inf, ERR value is NaN or Infinity",
        "HINCRBYFLOAT h half Infinity, ERR value is NaN or Infinity",
        "HINCRBYFLOAT h max 1, ERR increment would produce NaN or Infinity"
    })
    void increments_notANumberOrTooLarge_areRefused(String line, String error) {
        client.run("HSET h text abc half 1.5 max 9223372036854775807");
        assertThat(client.run(line)).isEqualTo("-" + error);
        assertThat(client.run("HMGET h text half max")).isEqualTo("*3 $3 abc $3 1.5 $19 9223372036854775807");
    }

    @Test
    void hincrbyfloat_decimals_answersTheExactSum() {
        assertThat(client.run("HINCRBYFLOAT h f 0.1")).isEqualTo("$3 0.1");
        assertThat(client.run("HINCRBYFLOAT h f 0.2")).isEqualTo("$3 0.3");
        assertThat(client.run3("HINCRBYFLOAT h f 2.0e2")).isEqualTo("$5 200.3");
        assertThat(client.run("HINCRBYFLOAT h f -0.3")).isEqualTo("$3 200");
        assertThat(client.run("HGET h f")).isEqualTo("$3 200");
    }

    @Test
    void hrandfield_withoutCount_isOneFieldOrNull() {
        assertThat(client.run("HRANDFIELD h")).isEqualTo("$-1");
        client.run("HSET h f 1");
        assertThat(client.run("HRANDFIELD h")).isEqualTo("$1 f");
    }

    @Test
    void hrandfield_counts_areDifferentOrRepeatedFields() {
        client.run("HSET h f 1 g 2 i 3");
        assertThat(client.run("HRANDFIELD h 0")).isEqualTo("*0");
        assertThat(client.sorted("HRANDFIELD h 2")).hasSize(2).doesNotHaveDuplicates();
        assertThat(client.sorted("HRANDFIELD h 5")).containsExactly("f", "g", "i");
        assertThat(client.sorted("HRANDFIELD h -50")).hasSize(50).contains("f", "g", "i");
        assertThat(client.run("HRANDFIELD absent 5")).isEqualTo("*0");
        assertThat(client.run("HRANDFIELD absent -5")).isEqualTo("*0");
    }

    @Test
    void hrandfield_withValues_arePairs() {
        client.run("HSET h f 1");
        assertThat(client.run("HRANDFIELD h 5 withvalues")).isEqualTo("*2 $1 f $1 1");
        assertThat(client.run3("HRANDFIELD h 5 WITHVALUES")).isEqualTo("*1 *2 $1 f $1 1");
        assertThat(client.run3("HRANDFIELD h -2 WITHVALUES")).isEqualTo("*2 *2 $1 f $1 1 *2 $1 f $1 1");
        assertThat(client.run3("HRANDFIELD absent 5 WITHVALUES")).isEqualTo("*0");
    }

    @ParameterizedTest
    @CsvSource({
        "HRANDFIELD h x, ERR value is not an integer or out of range",
        "HRANDFIELD h -100001, 'ERR value is out of range, at most 100000 repetitions'",
        "HRANDFIELD h 1 VALUES, ERR syntax error",
        "HRANDFIELD h 1 WITHVALUES x, ERR syntax error"
    })
    void hrandfield_badArguments_isRefused(String line, String error) {
        assertThat(client.run(line)).isEqualTo("-" + error);
    }

    @Test
    void hrandfield_smallestNumber_isRefusedAsInRedis() {
        assertThat(client.run("HRANDFIELD h " + Long.MIN_VALUE))
                .isEqualTo("-ERR value is out of range, value must between -9223372036854775807 and"
                        + " 9223372036854775807");
        assertThat(client.run("HRANDFIELD h " + Long.MAX_VALUE)).isEqualTo("*0");
    }

    private void put(int fields) {
        client.run("HSET h "
                + IntStream.range(0, fields)
                        .mapToObj(i -> "field" + i + " value" + i)
                        .collect(Collectors.joining(" ")));
    }

    /** All elements of a scan, over all pages. */
    private List<String> scan(String options) {
        List<String> shown = new ArrayList<>();
        String cursor = "0";
        do {
            List<?> reply = values("HSCAN h " + cursor + options);
            cursor = String.valueOf(reply.getFirst());
            ((List<?>) reply.getLast()).forEach(each -> shown.add(String.valueOf(each)));
        } while (!cursor.equals("0"));
        return shown;
    }

    @Test
    void hscan_absentKey_isOverAtOnce() {
        assertThat(client.run("HSCAN h 0")).isEqualTo("*2 $1 0 *0");
        assertThat(client.run3("HSCAN h 17 MATCH * COUNT 5 NOVALUES")).isEqualTo("*2 $1 0 *0");
    }

    @Test
    void hscan_fromCursorToCursor_showsFieldsAndValues() {
        put(35);
        List<String> shown = scan("");
        Set<String> pairs = new HashSet<>();
        for (int i = 0; i < shown.size(); i += 2) {
            pairs.add(shown.get(i) + "=" + shown.get(i + 1));
        }
        assertThat(shown).hasSize(70);
        assertThat(pairs).hasSize(35).contains("field0=value0", "field34=value34");
        assertThat(scan(" COUNT 1000")).containsExactlyElementsOf(shown);
        assertThat(scan(" count 1")).containsExactlyElementsOf(shown);
    }

    @Test
    void hscan_options_filterAndLeaveOutValues() {
        put(35);
        assertThat(scan(" NOVALUES")).hasSize(35).allMatch(each -> each.startsWith("field"));
        assertThat(scan(" MATCH field3? NOVALUES"))
                .containsExactlyInAnyOrder("field30", "field31", "field32", "field33", "field34");
        assertThat(scan(" match field7")).containsExactly("field7", "value7");
    }

    @Test
    void hscan_cursorsBehindAllFields_areOverAtOnce() {
        put(3);
        assertThat(client.run("HSCAN h 4294967296")).isEqualTo("*2 $1 0 *0");
        assertThat(client.run("HSCAN h 18446744073709551615")).isEqualTo("*2 $1 0 *0");
    }

    @ParameterizedTest
    @CsvSource({
        "HSCAN h x, ERR invalid cursor",
        "HSCAN h -1, ERR invalid cursor",
        "HSCAN h 18446744073709551616, ERR invalid cursor",
        "HSCAN h 0 COUNT 0, ERR syntax error",
        "HSCAN h 0 COUNT x, ERR value is not an integer or out of range",
        "HSCAN h 0 COUNT, ERR syntax error",
        "HSCAN h 0 MATCH, ERR syntax error",
        "HSCAN h 0 LIMIT 5, ERR syntax error"
    })
    void hscan_badArguments_isRefused(String line, String error) {
        assertThat(client.run(line)).isEqualTo("-" + error);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HSET s f 1",
                "HMSET s f 1",
                "HSETNX s f 1",
                "HGET s f",
                "HMGET s f",
                "HGETALL s",
                "HKEYS s",
                "HVALS s",
                "HLEN s",
                "HEXISTS s f",
                "HDEL s f",
                "HSTRLEN s f",
                "HINCRBY s f 1",
                "HINCRBYFLOAT s f 1",
                "HRANDFIELD s",
                "HRANDFIELD s 1",
                "HRANDFIELD s -1 WITHVALUES",
                "HSCAN s 0",
                "HGETDEL s FIELDS 1 f"
            })
    void anyCommand_keyOfAnotherType_isRefused(String line) {
        makeString("s", "text");
        assertThat(client.run(line)).isEqualTo(WRONG_TYPE);
        assertThat(node.updates()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HSET k f",
                "HMSET k f",
                "HSETNX k f",
                "HGET k",
                "HMGET k",
                "HGETALL k x",
                "HKEYS k x",
                "HVALS k x",
                "HLEN k x",
                "HEXISTS k",
                "HDEL k",
                "HSTRLEN k",
                "HINCRBY k f",
                "HINCRBYFLOAT k f",
                "HRANDFIELD",
                "HSCAN k",
                "HGETDEL k FIELDS 1"
            })
    void anyCommand_wrongNumberOfWords_isRefused(String line) {
        String name = line.split(" ", 2)[0].toLowerCase(java.util.Locale.ROOT);
        assertThat(client.run(line)).isEqualTo("-ERR wrong number of arguments for '" + name + "' command");
    }

    @Test
    void all_commands_haveTheFirstWordAsKey() {
        assertThat(HashCommands.all())
                .hasSize(17)
                .allSatisfy(command -> assertThat(command.keys().keys(Arguments.of("name", "key", "1", "1")))
                        .hasToString("[key]"));
    }

    @Test
    void hincrby_atTwoNodes_countsBothOnTopOfAConcurrentAssignment() {
        client.run("HSET h f 10");
        meet();
        client.run("HSET h f 20");
        client.run("HINCRBY h f 1");
        there().run("HINCRBYFLOAT h f 0.5");
        meet();
        assertThat(client.run("HGET h f")).isEqualTo("$4 21.5");
        assertThat(there().run("HGET h f")).isEqualTo("$4 21.5");
    }

    @Test
    void hsetnx_atTwoNodes_bothAnswerOneAndAgreeAfterwards() {
        assertThat(client.run("HSETNX h f 1")).isEqualTo(":1");
        assertThat(there().run("HSETNX h f 2")).isEqualTo(":1");
        meet();
        assertThat(client.run("HGET h f")).isEqualTo(there().run("HGET h f"));
    }

    @Test
    void hdelAndHgetdel_concurrentAssignment_leaveIt() {
        client.run("HSET h f 1 g 1");
        meet();
        client.run("HDEL h f");
        client.run("HGETDEL h FIELDS 1 g");
        there().run("HSET h f 2 g 2");
        meet();
        assertThat(client.run("HMGET h f g")).isEqualTo("*2 $1 2 $1 2");
        assertThat(there().run("HLEN h")).isEqualTo(":2");
    }
}
