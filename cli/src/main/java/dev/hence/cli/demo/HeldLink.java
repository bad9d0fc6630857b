package dev.hence.cli.demo;

import dev.hence.cli.demo.Trio.Beginning;
import dev.hence.client.BatchResult;
import dev.hence.client.Dot;
import dev.hence.client.NodeStatus.Buffered;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A comment arrives before the photo it is about, and is buffered until the photo is there. */
public final class HeldLink implements Chapter {

    @Override
    public String title() {
        return "An effect that arrives before its cause is buffered";
    }

    @Override
    public void tell(Trio trio, Narrator narrator) throws IOException, InterruptedException {
        Beginning beginning = trio.settle(narrator);
        StoryNode first = trio.first();
        StoryNode second = trio.second();
        StoryNode third = trio.third();
        String photo = trio.key("photo");
        String comment = trio.key("comment");
        String before = third.presentToken();

        trio.hold(first, third);
        narrator.tell("the link " + first.name() + " -> " + third.name() + " is held: what " + first.name()
                + " writes does not arrive there");
        BatchResult written = new Visitor().write(first, photo, "a cat");
        narrator.tell(first, "writes " + photo + " = a cat", written.vectorClock());

        Visitor commenter = new Visitor();
        narrator.await(() -> second.value(photo), Optional::isPresent);
        narrator.check(
                second.name() + " shows the photo",
                "a cat",
                commenter.read(second, photo).orElse("nothing"));
        written = commenter.write(second, comment, "what a cat!");
        narrator.tell(second, "writes " + comment + " = what a cat!", written.vectorClock());

        checkHeldBack(trio, beginning, narrator);
        narrator.check(
                third.name() + " shows neither the photo nor the comment",
                List.of("nothing", "nothing"),
                List.of(
                        third.value(photo).orElse("nothing"),
                        third.value(comment).orElse("nothing")));
        checkSessionRefused(trio, beginning, commenter, narrator);

        trio.open(first, third);
        narrator.tell("the link is open again");
        narrator.await(() -> third.value(comment), Optional::isPresent);
        narrator.tell(third, "shows both", third.clock());
        narrator.check(
                "both are visible",
                List.of("a cat", "what a cat!"),
                List.of(
                        third.value(photo).orElse("nothing"),
                        third.value(comment).orElse("nothing")));
        narrator.check(
                "the change feed of " + third.name() + " has the photo before the comment",
                List.of(photo, comment),
                third.keysChangedSince(before).stream()
                        .filter(List.of(photo, comment)::contains)
                        .toList());
    }

    private static void checkHeldBack(Trio trio, Beginning beginning, Narrator narrator) throws InterruptedException {
        StoryNode third = trio.third();
        String effect = trio.second().name() + ":" + beginning.counter(trio.second(), 1);
        String cause = trio.first().name() + ":" + beginning.counter(trio.first(), 1);
        narrator.await(() -> third.status().buffered(), buffered -> !buffered.isEmpty());
        narrator.tell(third, "has received the comment, but not the photo", third.clock());
        narrator.checkSoon(
                third.name() + " buffers the comment, update " + effect + ": it waits for " + cause,
                List.of(effect + " waits for " + cause),
                () -> third.status().buffered().stream().map(HeldLink::shown).toList());
        narrator.check("its clock has not advanced", List.of(0L, 0L, 0L), trio.since(beginning, third.clock()));
    }

    private static String shown(Buffered buffered) {
        return buffered.dot() + " waits for " + buffered.waitingFor();
    }

    /** A session that has seen the comment gets an error that names what is missing, not older data. */
    private static void checkSessionRefused(Trio trio, Beginning beginning, Visitor commenter, Narrator narrator) {
        List<String> missing = commenter.missingAt(trio.third(), trio.key("photo")).stream()
                .map(Dot::toString)
                .sorted()
                .toList();
        narrator.check(
                "the commenter's session does not read older data there, but gets an error that names what is missing",
                List.of(
                        trio.first().name() + ":" + beginning.counter(trio.first(), 1),
                        trio.second().name() + ":" + beginning.counter(trio.second(), 1)),
                missing);
    }
}
