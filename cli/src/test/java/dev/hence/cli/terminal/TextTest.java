package dev.hence.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.cli.terminal.TextTable.Cell;
import dev.hence.client.Bytes;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class TextTest {

    private static final Console PLAIN = new Console(new StringWriter(), new StringWriter(), false, true);
    private static final Console COLOURED = new Console(new StringWriter(), new StringWriter(), true, true);

    @Test
    void table_columns_asWideAsTheirWidestCell() {
        TextTable table = new TextTable()
                .row(Style.DIM, List.of("NODE", "CLOCK", "UP"))
                .row(Style.PLAIN, List.of("n", "[1,2,3]", "1s"))
                .row(Style.PLAIN, List.of("node2", "unreachable: a long story"));

        assertThat(table.lines(PLAIN))
                .containsExactly("NODE   CLOCK    UP", "n      [1,2,3]  1s", "node2  unreachable: a long story");
    }

    @Test
    void table_coloured_alignedAllTheSame() {
        TextTable table = new TextTable()
                .row(List.of(new Cell("a", Style.GOOD), new Cell("b", Style.PLAIN)))
                .row(List.of(new Cell("aaa", Style.PLAIN), new Cell("b", Style.PLAIN)));

        assertThat(table.lines(COLOURED)).containsExactly("\033[32ma\033[0m    b", "aaa  b");
    }

    @Test
    void clock_incarnationsOfAName_summedInTheList() {
        Map<String, Long> clock = new TreeMap<>(Map.of("node2", 5L, "node1~00c0ffee", 2L, "node1~00facade", 3L));

        assertThat(ClockText.list(clock)).isEqualTo("[5,5]");
        assertThat(ClockText.named(clock)).isEqualTo("node1~00c0ffee:2 node1~00facade:3 node2:5");
    }

    @Test
    void bytes_notPrintable_base64() {
        assertThat(BytesText.shown(Bytes.utf8("héllo\n"))).isEqualTo("héllo\n");
        assertThat(BytesText.shown(Bytes.utf8("\033[2J"))).isEqualTo("base64:G1sySg==");
        assertThat(BytesText.shown(Bytes.of((byte) 0xff))).isEqualTo("base64:/w==");
    }

    @Test
    void bytes_json_textOrBase64() {
        assertThat(BytesText.json(Bytes.utf8("\033")).toString()).isEqualTo("\"\\u001B\"");
        assertThat(BytesText.json(Bytes.of((byte) 0xff)).toString()).isEqualTo("{\"base64\":\"/w==\"}");
    }

    @Test
    void console_coloursOff_noEscapes() {
        assertThat(PLAIN.styled(Style.BAD, "x")).isEqualTo("x");
        assertThat(COLOURED.styled(Style.PLAIN, "x")).isEqualTo("x");
        assertThat(COLOURED.styled(Style.BAD, "x")).isEqualTo("\033[31mx\033[0m");
    }
}
