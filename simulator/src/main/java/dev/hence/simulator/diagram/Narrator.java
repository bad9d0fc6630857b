package dev.hence.simulator.diagram;

import dev.hence.simulator.diagram.Draft.Stage;
import dev.hence.simulator.diagram.Scene.Fate;
import dev.hence.simulator.diagram.Scene.Mark;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Converts a trace to scenes: visits the events in order and decides for each whether it is a scene of its own, is
 * folded into an earlier one, or is omitted. */
final class Narrator {
    private final Event.Began began;
    private final Foresight foresight;
    private final UpdateNames names;
    private final @Nullable String violation;
    private final List<LaneState> lanes = new ArrayList<>();
    private final Script script = new Script();
    private final Map<Integer, Draft> cuts = new HashMap<>();
    private final Map<Integer, Integer> cutsOpen = new HashMap<>();
    private final Map<String, Map<String, Long>> contexts = new HashMap<>();
    private final ClientTalk clients;
    private final Endings endings;
    private boolean faulty;

    Narrator(Event.Began began, Foresight foresight, @Nullable String violation) {
        this.began = began;
        this.foresight = foresight;
        this.names = foresight.names();
        this.violation = violation;
        this.clients = new ClientTalk(foresight, script);
        this.endings = new Endings(names);
        began.nodes().forEach(_ -> lanes.add(new LaneState(names)));
    }

    Story tell(List<Event> events) {
        events.forEach(this::tell);
        clients.ended();
        endings.scenes().forEach(script::place);
        for (int node = 0; node < lanes.size(); node++) {
            LaneState lane = lanes.get(node);
            endBuffering(node, null);
            if (lane.stopped != null) {
                script.lasts(Span.Kind.DOWN, node, lane.stopped, null);
            }
        }
        cuts.forEach((node, from) -> script.lasts(Span.Kind.CUT, node, from, null));
        List<String> nodes =
                began.nodes().stream().map(node -> PlainText.of(node, 20)).toList();
        return script.story(nodes, names, violation == null ? null : PlainText.of(violation, 1_000));
    }

    private void tell(Event event) {
        switch (event) {
            case Event.Began _ -> {}
            case Event.Started started -> started(started);
            case Event.Renewed(long at, int node, String replica, String why) ->
                script.place(Draft.step(
                        at, node, Mark.STARTED, "continues as " + names.of(replica) + ": " + Words.reason(why)));
            case Event.Stopped stopped -> stopped(stopped);
            case Event.DiskLost lost -> diskLost(lost);
            case Event.Made made -> made(made);
            case Event.Received received -> received(received);
            case Event.Applied(long at, int node, TracedUpdate update) -> applied(at, node, update);
            case Event.Stored(long at, int node, List<TracedUpdate> updates) -> stored(at, node, updates);
            case Event.Synced(long at, int node) -> synced(at, node);
            case Event.Published published -> published(published.atMicros(), published.node(), published.updates());
            case Event.Buffering buffering -> buffering(buffering);
            case Event.Stable stable -> stable(stable);
            case Event.Asked asked -> clients.asked(asked);
            case Event.Served served -> clients.served(served);
            case Event.Unchanged _ -> {}
            case Event.Removed _ -> {}
            case Event.Forked _ -> {}
            case Event.Answered answered -> clients.answered(answered);
            case Event.Fault fault -> fault(fault);
            case Event.Mended(long at, int node, String what) -> mended(at, node, what);
            case Event.Calmed(long at) -> calmed(at);
            case Event.Ended ended -> endings.add(ended);
        }
    }

    // --- a node's process ---

    private void started(Event.Started started) {
        LaneState lane = lanes.get(started.node());
        boolean atTheBeginning = !lane.everStarted && started.onDisk().isEmpty() && script.isEmpty();
        Draft stopped = lane.stopped;
        boolean wasDown = stopped != null || !lane.everStarted;
        lane.start(started.onDisk(), started.clock());
        if (atTheBeginning) {
            return;
        }
        String label = "starts as " + names.of(started.replica()) + " with " + names.list(started.onDisk());
        Draft draft = Draft.step(started.atMicros(), started.node(), Mark.STARTED, label);
        script.place(draft);
        if (wasDown) {
            script.lasts(Span.Kind.DOWN, started.node(), stopped, draft);
        }
        started.onDisk().forEach(update -> lane.visible.put(update, draft));
    }

    private void stopped(Event.Stopped stopped) {
        if (stopped.how() == Event.Stop.CLOSED && endings.begun()) {
            return;
        }
        String label = switch (stopped.how()) {
            case CLOSED -> "closed";
            case KILLED -> "killed";
            case FAILED -> "fsync failed";
            case POWER_LOST -> "power lost";
            case BROKEN -> "stops itself: an invariant is broken";
        };
        LaneState lane = lanes.get(stopped.node());
        Draft draft = Draft.step(stopped.atMicros(), stopped.node(), Mark.STOPPED, label);
        script.place(draft);
        endBuffering(stopped.node(), draft);
        lane.stopped = lane.stopped == null ? draft : lane.stopped;
        faulty |= stopped.how() != Event.Stop.CLOSED;
    }

    private void diskLost(Event.DiskLost loss) {
        loss.lost().forEach(lanes.get(loss.node()).stored::remove);
        String lost = names.list(loss.lost());
        boolean anything = !loss.lost().isEmpty();
        String label = switch (loss.how()) {
            case UNSYNCED -> "lost from the disk: " + lost;
            case WIPED -> anything ? "disk wiped, lost " + lost : "disk wiped";
            case ROLLED_BACK, SET_BACK -> anything ? "set back to a snapshot, lost " + lost : "set back to a snapshot";
            case RESTORED -> anything ? "older disk restored, lost " + lost : "older disk restored";
        };
        if (anything || loss.how() != Event.Loss.UNSYNCED) {
            script.place(Draft.step(loss.atMicros(), loss.node(), Mark.FAULT, label));
        }
    }

    // --- an update's life at a node ---

    private void made(Event.Made made) {
        TracedUpdate update = made.update();
        lanes.get(made.node()).apply(update);
        String news = news(update);
        String label = names.of(update) + clients.madeOf(update) + (news.isEmpty() ? "" : " (after " + news + ")");
        script.place(Draft.step(made.atMicros(), made.node(), Mark.MADE, label).about(List.of(update), Stage.NONE));
    }

    /** The part of this update's context that is not in the context of its origin's previous update. */
    private String news(TracedUpdate update) {
        Map<String, Long> before = contexts.getOrDefault(update.replica(), Map.of());
        Map<String, Long> news = new HashMap<>();
        update.context().forEach((replica, counter) -> {
            if (!replica.equals(update.replica()) && counter > before.getOrDefault(replica, 0L)) {
                news.put(replica, counter);
            }
        });
        contexts.put(update.replica(), update.context());
        return news.isEmpty() ? "" : names.clock(news);
    }

    private void received(Event.Received received) {
        TracedUpdate update = received.update();
        LaneState lane = lanes.get(received.node());
        Fate fate = switch (received.receipt()) {
            case DELIVERED -> Fate.DELIVERED;
            case BUFFERED -> Fate.BUFFERED;
            case DUPLICATE, REFUSED -> Fate.DROPPED;
        };
        String lacking = lane.lacking(update);
        String label = switch (received.receipt()) {
            case DELIVERED -> "";
            case BUFFERED -> lacking.isEmpty() ? "buffered" : "buffered, lacks " + lacking;
            case DUPLICATE -> "duplicate";
            case REFUSED -> "refused";
        };
        Draft sent = lanes.get(received.through()).visible.get(update);
        Draft draft = Draft.message(
                        received.atMicros(), received.through(), received.node(), sent, names.of(update), fate, label)
                .about(List.of(update), fate == Fate.DELIVERED ? Stage.DELIVERED : Stage.NONE);
        script.place(draft);
        if (fate == Fate.BUFFERED) {
            lane.buffered.putIfAbsent(update, draft);
        }
    }

    private void applied(long at, int node, TracedUpdate update) {
        LaneState lane = lanes.get(node);
        String lacking = lane.lacking(update);
        Draft draft = script.open(node);
        if (draft != null && draft.awaits(Stage.APPLIED, Set.of(update))) {
            draft.reach(Stage.APPLIED, at);
            script.moveToEnd(draft);
        } else {
            boolean waited = lane.buffered.containsKey(update);
            draft = Draft.step(at, node, Mark.APPLIED, names.of(update) + (waited ? " out of the buffer" : " applied"))
                    .about(List.of(update), Stage.APPLIED);
            script.place(draft);
        }
        if (!lacking.isEmpty()) {
            draft.say("without " + lacking, at);
        }
        Draft waiting = lane.buffered.remove(update);
        if (waiting != null) {
            script.lasts(Span.Kind.BUFFERING, node, waiting, draft);
        }
        lane.apply(update);
    }

    private void stored(long at, int node, List<TracedUpdate> updates) {
        LaneState lane = lanes.get(node);
        lane.stored.addAll(updates);
        lane.unsynced = true;
        if (!updates.isEmpty()) {
            progress(at, node, updates, Stage.STORED);
        }
    }

    private void published(long at, int node, List<TracedUpdate> updates) {
        if (updates.isEmpty()) {
            return;
        }
        LaneState lane = lanes.get(node);
        Draft draft = progress(at, node, updates, Stage.VISIBLE);
        if (!lane.stored.containsAll(updates)) {
            draft.say("not yet stored", at);
        }
        updates.forEach(update -> lane.visible.put(update, draft));
    }

    private Draft progress(long at, int node, List<TracedUpdate> updates, Stage stage) {
        Draft open = script.open(node);
        if (open != null && open.awaits(stage, Set.copyOf(updates))) {
            open.reach(stage, at);
            script.moveToEnd(open);
            return open;
        }
        Draft draft = Draft.step(at, node, Mark.PROGRESS, names.list(updates))
                .about(updates, stage)
                .sayingEachStage();
        script.place(draft);
        return draft;
    }

    private void synced(long at, int node) {
        LaneState lane = lanes.get(node);
        if (lane.unsynced && foresight.losesPower(node, at)) {
            if (!script.say(at, node, "synced", null)) {
                script.place(Draft.step(at, node, Mark.PROGRESS, "synced"));
            }
        }
        lane.unsynced = false;
    }

    private void buffering(Event.Buffering buffering) {
        int bound = began.bounds().bufferUpdates();
        if (buffering.updates() > bound) {
            String label = "buffers " + buffering.updates() + " updates of " + names.of(buffering.replica())
                    + " (expected: at most " + bound + ")";
            script.place(Draft.step(buffering.atMicros(), buffering.node(), Mark.PROGRESS, label));
        }
    }

    /** Stability has no effect visible to readers, so it is shown only if the violation is about it. */
    private void stable(Event.Stable stable) {
        LaneState lane = lanes.get(stable.node());
        String label = "stable: " + names.clock(stable.clock());
        if (violation != null && violation.contains("stab") && !label.equals(lane.lastSaidStable)) {
            lane.lastSaidStable = label;
            script.place(Draft.step(stable.atMicros(), stable.node(), Mark.PROGRESS, label));
        }
    }

    // --- faults ---

    private void fault(Event.Fault fault) {
        faulty = true;
        if (foresight.isToldOtherwise(fault)) {
            return;
        }
        Integer node = fault.node();
        String label = Words.fault(fault.kind(), fault.what());
        Draft draft = node == null
                ? Draft.everywhere(fault.atMicros(), label)
                : Draft.step(fault.atMicros(), node, Mark.FAULT, label);
        script.place(draft);
        if (fault.kind() == Event.Kind.CUT) {
            cuts.putIfAbsent(draft.node(), draft);
            cutsOpen.merge(draft.node(), 1, Integer::sum);
        }
    }

    private void mended(long at, int node, String what) {
        Draft draft = Draft.step(at, node, Mark.FAULT, PlainText.of(what, 60));
        script.place(draft);
        if (cutsOpen.merge(node, -1, Integer::sum) == 0) {
            Draft from = cuts.remove(node);
            if (from != null) {
                script.lasts(Span.Kind.CUT, node, from, draft);
            }
        }
    }

    private void calmed(long at) {
        if (!faulty) {
            return;
        }
        Draft draft = Draft.everywhere(at, "the faults are over");
        script.place(draft);
        cuts.forEach((node, from) -> script.lasts(Span.Kind.CUT, node, from, draft));
        cuts.clear();
    }

    private void endBuffering(int node, @Nullable Draft end) {
        LaneState lane = lanes.get(node);
        lane.buffered.values().forEach(from -> script.lasts(Span.Kind.BUFFERING, node, from, end));
        lane.buffered.clear();
    }
}
