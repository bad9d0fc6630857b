package dev.hence.core.commands;

import static dev.hence.core.commands.MemoryNode.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.Element;
import dev.hence.core.crdt.Scores;
import dev.hence.core.keyspace.State;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.UpdateTooLargeException;
import dev.hence.core.update.Operation;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Keys that are renamed or copied. */
final class KeyCopiesTest extends OneKeyTest {

    private boolean rename() {
        return node.write(transaction -> Keys.rename(transaction, KEY, OTHER));
    }

    private boolean copy(boolean replace) {
        return node.write(transaction -> Keys.copy(transaction, KEY, OTHER, replace));
    }

    /** The visible elements of a collection. */
    private static Map<String, String> elements(View view, Bytes key, DataType type) {
        Map<String, String> elements = new LinkedHashMap<>();
        view.walk(key, Element.kind(type), null, State.Direction.UP, (row, cell) -> {
            elements.put(Element.of(type, row).toString(), String.valueOf(cell.value()));
            return true;
        });
        return elements;
    }

    @Test
    void rename_absentKey_isFalse() {
        assertThat(rename()).isFalse();
        assertThat(copy(true)).isFalse();
        assertThat(node.updateCount()).isZero();
    }

    @Test
    void rename_string_takesValueAndDeadlineAlong() {
        set(KEY, "value");
        expire(in(10));
        node.run(transaction -> transaction.assign(OTHER, DataType.SET, ONE, Bytes.EMPTY));

        assertThat(rename()).isTrue();

        assertThat(Keys.exists(node.view(), KEY)).isFalse();
        assertThat(Strings.get(node.view(), OTHER)).isEqualTo(bytes("value"));
        assertThat(Keys.deadlineMillis(node.view(), OTHER)).isEqualTo(in(10));
        assertThat(node.state().heads()).containsOnlyKeys(OTHER);
    }

    @Test
    void rename_toItself_changesNothing() {
        set(KEY, "value");

        boolean renamed = node.write(transaction -> Keys.rename(transaction, KEY, KEY));
        assertThat(renamed).isTrue();

        assertThat(node.updateCount()).isEqualTo(1);
    }

    @Test
    void rename_overAKeyWithDeadline_dropsThat() {
        set(KEY, "value");
        set(OTHER, "old");
        node.run(transaction -> Keys.expire(transaction, OTHER, in(10)));

        rename();

        assertThat(Keys.deadlineMillis(node.view(), OTHER)).isEqualTo(Deadlines.NONE);
    }

    @Test
    void rename_overAnExpiredKey_leavesNothingOfIt() {
        node.run(transaction -> {
            transaction.assign(OTHER, DataType.HASH, bytes("old"), ONE);
            transaction.expire(OTHER, in(10));
            transaction.assign(KEY, DataType.HASH, bytes("new"), ONE);
        });
        node.advance(10);

        rename();

        assertThat(elements(node.view(), OTHER, DataType.HASH)).containsOnly(Map.entry("new", "1"));
        assertThat(Keys.deadlineMillis(node.view(), OTHER)).isEqualTo(Deadlines.NONE);
    }

    @Test
    void rename_counter_becomesAnAssignmentOfTheNumberShown() {
        MemoryNode other = new MemoryNode("b");
        set(KEY, "10");
        other.follow(node);
        node.run(transaction -> Strings.increment(transaction, KEY, 1));
        other.run(transaction -> Strings.increment(transaction, KEY, 2));
        node.follow(other);

        rename();

        assertThat(Strings.get(node.view(), OTHER)).isEqualTo(bytes("13"));
        assertThat(node.state().heads()).containsOnlyKeys(OTHER);
        assertThat(node.view().head(OTHER).string().counter().isEmpty()).isTrue();
    }

    @Test
    void copy_collections_copiesEveryElement() {
        for (DataType type : new DataType[] {DataType.HASH, DataType.SET, DataType.SORTED_SET, DataType.LIST}) {
            node.run(transaction -> {
                Keys.delete(transaction, KEY);
                for (int index = 0; index < 50; index++) {
                    transaction.assign(
                            KEY, type, bytes("element" + index), valueOf(type, bytes(Integer.toString(index))));
                }
                transaction.expire(KEY, in(10));
            });

            assertThat(copy(true)).isTrue();

            assertThat(Keys.type(node.view(), OTHER)).isEqualTo(type);
            assertThat(elements(node.view(), OTHER, type))
                    .hasSize(50)
                    .isEqualTo(elements(node.view(), KEY, type))
                    .containsEntry("element49", valueOf(type, bytes("49")).toString());
            assertThat(node.view().head(OTHER).collection(type).count()).isEqualTo(50);
            assertThat(Keys.deadlineMillis(node.view(), OTHER)).isEqualTo(in(10));
        }
    }

    @Test
    void copy_elementsWithIncrements_assignsWhatTheyShow() {
        node.run(transaction -> {
            transaction.assign(KEY, DataType.HASH, bytes("field"), bytes("1"));
            transaction.increment(KEY, DataType.HASH, bytes("only"), BigDecimal.TWO);
        });
        node.run(transaction -> transaction.increment(KEY, DataType.HASH, bytes("field"), BigDecimal.TEN));

        copy(false);

        assertThat(elements(node.view(), OTHER, DataType.HASH))
                .containsOnly(Map.entry("field", "11"), Map.entry("only", "2"));
        assertThat(node.operations()).hasSize(2).allMatch(each -> each instanceof Operation.Assign);
    }

    @Test
    void copy_scores_areAsExactAsBefore() {
        node.run(transaction -> {
            transaction.assign(KEY, DataType.SORTED_SET, bytes("large"), Scores.value(1e30));
            transaction.assign(KEY, DataType.SORTED_SET, bytes("none"), Scores.value(Double.NEGATIVE_INFINITY));
        });
        node.run(transaction -> transaction.increment(KEY, DataType.SORTED_SET, bytes("large"), BigDecimal.ONE));

        copy(false);

        assertThat(score("large")).isEqualTo(1e30);
        assertThat(node.view()
                        .element(OTHER, DataType.SORTED_SET, bytes("large"))
                        .number())
                .isEqualByComparingTo("1000000000000000000000000000001");
        assertThat(score("none")).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    private double score(String member) {
        return node.view().element(OTHER, DataType.SORTED_SET, bytes(member)).score();
    }

    @Test
    void copy_ontoAKey_needsToBeTold() {
        set(KEY, "new");
        set(OTHER, "old");

        assertThat(copy(false)).isFalse();
        assertThat(Strings.get(node.view(), OTHER)).isEqualTo(bytes("old"));
        assertThat(copy(true)).isTrue();
        assertThat(Strings.get(node.view(), OTHER)).isEqualTo(bytes("new"));
        assertThat(Strings.get(node.view(), KEY)).isEqualTo(bytes("new"));
    }

    @Test
    void copy_toItself_isAMistake() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> node.run(transaction -> Keys.copy(transaction, KEY, KEY, true)));
    }

    @Test
    void rename_moreThanAnUpdateHolds_isRefusedBeforeAnythingIsWritten() {
        Bytes large = Bytes.wrap(new byte[(int) MemoryNode.UPDATE_BYTES_MAX / 2]);
        for (String element : List.of("a", "b", "c")) {
            node.run(transaction -> transaction.assign(KEY, DataType.HASH, bytes(element), large));
        }
        set(OTHER, "old");

        node.run(transaction -> assertThatExceptionOfType(UpdateTooLargeException.class)
                .isThrownBy(() -> Keys.rename(transaction, KEY, OTHER)));

        assertThat(Strings.get(node.view(), OTHER)).isEqualTo(bytes("old"));
        assertThat(elements(node.view(), KEY, DataType.HASH)).hasSize(3);
    }

    @Test
    void rename_besideAWriteElsewhere_leavesThatUnderTheOldName() {
        MemoryNode other = new MemoryNode("b");
        set(KEY, "value");
        other.follow(node);

        rename();
        other.run(transaction -> Strings.set(transaction, KEY, bytes("meanwhile")));
        MemoryNode.meet(node, other);

        assertThat(Strings.get(other.view(), OTHER)).isEqualTo(bytes("value"));
        assertThat(Strings.get(node.view(), KEY)).isEqualTo(bytes("meanwhile"));
    }
}
