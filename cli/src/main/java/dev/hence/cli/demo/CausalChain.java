package dev.hence.cli.demo;

import dev.hence.cli.demo.Trio.Beginning;
import dev.hence.cli.terminal.ClockText;
import dev.hence.client.BatchResult;
import java.util.List;
import java.util.Map;

/** A value replaces another that its writer had seen, at a third node as at all others. */
public final class CausalChain implements Chapter {

    private final boolean isFirstOfAll;

    /** @param isFirstOfAll whether nothing was ever written to the nodes, so that their clocks begin at zero */
    public CausalChain(boolean isFirstOfAll) {
        this.isFirstOfAll = isFirstOfAll;
    }

    @Override
    public String title() {
        return "A write made after a value was seen replaces it at all nodes";
    }

    @Override
    public void tell(Trio trio, Narrator narrator) throws InterruptedException {
        Beginning beginning = trio.settle(narrator);
        String x = trio.key("x");
        Visitor visitor = new Visitor();
        narrator.tell(trio.first(), "all three nodes start here", beginning.clock());
        if (isFirstOfAll) {
            narrator.check("nothing is written yet", "[0,0,0]", ClockText.list(beginning.clock()));
        }

        BatchResult a = visitor.write(trio.first(), x, "A");
        narrator.tell(trio.first(), "writes " + x + " = A", a.vectorClock());

        String seen = visitor.read(trio.second(), x).orElse("nothing");
        narrator.tell(
                trio.second(),
                "reads " + x + " = " + seen + ", in the writer's session",
                trio.second().clock());
        narrator.check(trio.second().name() + " waits until it has A before it answers this session", "A", seen);

        BatchResult b = visitor.write(trio.second(), x, "B");
        narrator.tell(trio.second(), "writes " + x + " = B, having seen A", b.vectorClock());

        narrator.await(() -> trio.third().value(x).orElse("nothing"), "B"::equals);
        Map<String, Long> clock = trio.third().clock();
        narrator.tell(trio.third(), "reads " + x + " = " + trio.third().value(x).orElse("nothing"), clock);
        narrator.check(
                trio.third().name() + " shows only B: A came before it",
                List.of("B"),
                trio.third().values(x));
        narrator.check(
                "its clock counts one more update of " + trio.first().name() + ", one of "
                        + trio.second().name() + ", none of its own",
                List.of(1L, 1L, 0L),
                trio.since(beginning, clock));
    }
}
