package dev.hence.cli.log;

import dev.hence.cli.terminal.ClockText;
import dev.hence.cli.terminal.Console;
import dev.hence.cli.terminal.Style;
import dev.hence.cli.terminal.TextTable;
import dev.hence.core.clock.HybridLogicalClock;
import dev.hence.core.update.Update;
import dev.hence.engine.log.LogCheck;
import dev.hence.engine.log.LogVerdict;
import dev.hence.engine.log.LoggedFrame;
import dev.hence.engine.log.SegmentFile;
import dev.hence.node.store.OperationText;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HexFormat;
import java.util.List;

/** A log for people. Lines are printed as they come, so columns have fixed widths, and the widest is the last. */
final class LogText implements LogOutput {

    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();
    private static final String COLUMNS = "%9s  %-20s  %-24s  %10s  %7s  %-8s  ";
    private static final HexFormat HEX = HexFormat.of();

    private final Console console;
    private final ShortNames names;
    private boolean begun;

    LogText(Console console, ShortNames names) {
        this.console = console;
        this.names = names;
    }

    @Override
    public void segments(List<SegmentFile> segments) {
        TextTable table =
                new TextTable().row(Style.DIM, List.of("SEGMENT", "ID", "FIRST", "UPDATES", "BYTES", "CONDITION"));
        for (SegmentFile segment : segments) {
            Long id = segment.id();
            table.row(
                    segment.isWhole() ? Style.PLAIN : Style.WAITING,
                    List.of(
                            String.valueOf(segment.path().getFileName()),
                            id == null ? "none" : HEX.toHexDigits(id),
                            String.valueOf(segment.first()),
                            String.valueOf(segment.updates()),
                            String.valueOf(segment.size()),
                            segment.isWhole() ? "whole" : "whole up to byte " + segment.bytes()));
        }
        table.lines(console).forEach(console::line);
    }

    @Override
    public void frame(LoggedFrame frame) {
        if (!begun) {
            begun = true;
            console.line("");
            console.line(console.styled(
                    Style.DIM,
                    COLUMNS.formatted("SEQUENCE", "UPDATES", "TIME", "OPERATIONS", "BYTES", "CRC") + "CLOCK"));
        }
        console.line(COLUMNS.formatted(
                        frame.sequence(),
                        names.dots(frame),
                        time(frame.first()),
                        frame.operations(),
                        frame.bytes(),
                        HEX.toHexDigits(frame.groupCrc()))
                + console.styled(
                        Style.CLOCK, ClockText.named(names.of(frame.first().clock()))));
    }

    @Override
    public void update(long sequence, Update update) {
        String operations = update.operations().isEmpty() ? "no operations" : OperationText.of(update);
        console.line("%9s    %-18s  %-24s  %s"
                .formatted(sequence, names.of(update.dot()), time(update), printable(operations)));
    }

    private static String time(Update update) {
        return TIME.format(Instant.ofEpochMilli(HybridLogicalClock.wallMillis(update.timestamp())));
    }

    /** Keys are any bytes, and would disturb a terminal. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (Character.isISOControl(point)) {
                printable.append("\\x").append(HEX.toHexDigits((byte) point));
            } else {
                printable.appendCodePoint(point);
            }
        });
        return printable.toString();
    }

    @Override
    public void end(long next, long more, LogCheck check) {
        if (more > 0) {
            console.line(updates(more) + " more: --from " + next + " continues");
        }
        if (check.damage() == null) {
            for (LogCheck.Tail tail : check.tails()) {
                console.line("torn end: " + tail.bytes() + " bytes from byte " + tail.offset() + " of "
                        + tail.file().getFileName()
                        + " on are no whole group; a running node may be writing them, otherwise the next start drops"
                        + " them");
            }
        }
    }

    @Override
    public void verdict(LogVerdict verdict) {
        verdict.problems().forEach(problem -> console.line(console.styled(Style.BAD, "damaged: ") + told(problem)));
        verdict.notes().forEach(note -> console.line("note: " + told(note)));
        String read = updates(verdict.updates()) + " in " + verdict.frames() + " frames, " + verdict.bytes()
                + " bytes in " + verdict.segments() + (verdict.segments() == 1 ? " segment" : " segments");
        console.line(
                verdict.isWhole() ? console.styled(Style.GOOD, "whole: ") + read : "verified up to there: " + read);
    }

    private static String updates(long count) {
        return count + (count == 1 ? " update" : " updates");
    }

    private static String told(LogVerdict.Place place) {
        return place.file() + ": byte " + place.offset() + ": " + place.what();
    }
}
