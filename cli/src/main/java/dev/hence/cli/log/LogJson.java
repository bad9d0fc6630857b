package dev.hence.cli.log;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hence.cli.terminal.Console;
import dev.hence.core.clock.Dot;
import dev.hence.core.clock.HybridLogicalClock;
import dev.hence.core.update.Update;
import dev.hence.engine.log.LogCheck;
import dev.hence.engine.log.LogVerdict;
import dev.hence.engine.log.LoggedFrame;
import dev.hence.engine.log.SegmentFile;
import dev.hence.node.store.OperationText;
import java.util.HexFormat;
import java.util.List;

/** A log for programs: an object per line, named by its only member. */
final class LogJson implements LogOutput {

    private static final HexFormat HEX = HexFormat.of();

    private final Console console;
    private final ShortNames names;

    LogJson(Console console, ShortNames names) {
        this.console = console;
        this.names = names;
    }

    @Override
    public void segments(List<SegmentFile> segments) {
        for (SegmentFile segment : segments) {
            Long id = segment.id();
            ObjectNode line = object().put("file", segment.path().toString())
                    .put("id", id == null ? null : HEX.toHexDigits(id))
                    .put("first", segment.first())
                    .put("updates", segment.updates())
                    .put("bytes", segment.size())
                    .put("whole_bytes", segment.bytes())
                    .put("whole", segment.isWhole());
            print("segment", line);
        }
    }

    @Override
    public void frame(LoggedFrame frame) {
        ObjectNode line = at(frame.sequence(), frame.first())
                .put("updates", frame.updates().size())
                .put("operations", frame.operations())
                .put("bytes", frame.bytes())
                .put("file", frame.file().toString())
                .put("group_offset", frame.groupOffset())
                .put("group_crc", HEX.toHexDigits(frame.groupCrc()));
        print("frame", line);
    }

    @Override
    public void update(long sequence, Update update) {
        ObjectNode line = at(sequence, update);
        ArrayNode changes = line.putArray("changes");
        update.operations().forEach(operation -> changes.add(OperationText.of(operation)));
        print("update", line);
    }

    private ObjectNode at(long sequence, Update update) {
        Dot dot = update.dot();
        ObjectNode line = object().put("sequence", sequence);
        line.putObject("dot").put("replica", dot.replica().toString()).put("counter", dot.counter());
        ObjectNode clock = line.putObject("vector_clock");
        names.of(update.clock()).forEach(clock::put);
        return line.put("timestamp_millis", HybridLogicalClock.wallMillis(update.timestamp()));
    }

    @Override
    public void end(long next, long more, LogCheck check) {
        print("end", object().put("next", next).put("more", more).put("torn_bytes", check.bytes()));
    }

    @Override
    public void verdict(LogVerdict verdict) {
        ObjectNode line = object().put("whole", verdict.isWhole())
                .put("segments", verdict.segments())
                .put("frames", verdict.frames())
                .put("updates", verdict.updates())
                .put("bytes", verdict.bytes());
        places(line.putArray("problems"), verdict.problems());
        places(line.putArray("notes"), verdict.notes());
        console.line(line.toString());
    }

    private static void places(ArrayNode into, List<LogVerdict.Place> places) {
        for (LogVerdict.Place place : places) {
            into.addObject()
                    .put("file", place.file().toString())
                    .put("offset", place.offset())
                    .put("detail", place.what());
        }
    }

    private void print(String name, ObjectNode content) {
        ObjectNode line = object();
        line.set(name, content);
        console.line(line.toString());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
