package dev.hence.simulator.diagram;

import dev.hence.simulator.diagram.Scene.Mark;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Outcome;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The scenes of client requests and answers. An ordinary request is one scene: a read where it is served, a write where
 * it becomes an update, and the answer joins the scene in which that becomes visible.
 */
final class ClientTalk {
    private final Foresight foresight;
    private final UpdateNames names;
    private final Script script;
    private final Map<Integer, Draft> asked = new HashMap<>();
    private final Map<Integer, List<Contents>> served = new HashMap<>();

    ClientTalk(Foresight foresight, Script script) {
        this.foresight = foresight;
        this.names = foresight.names();
        this.script = script;
    }

    /** The time of a request is recorded but shown only if the node does other things before it answers. */
    void asked(Event.Asked event) {
        Request request = event.request();
        Draft draft =
                step(event.atMicros(), request, " asks " + Words.asked(request)).hide(true);
        script.place(draft);
        asked.put(request.id(), draft);
    }

    /** An update was made, perhaps of a request. */
    String madeOf(TracedUpdate update) {
        String changes = ": " + Words.changes(update.changes());
        Request request = foresight.cause(update);
        if (request == null) {
            return changes;
        }
        begun(request, !foresight.isDone(request));
        return " by " + Words.client(request) + changes;
    }

    void served(Event.Served event) {
        Request request = event.request();
        if (request.reads().isEmpty()) {
            return;
        }
        begun(request, request.inSession() || !foresight.isDone(request));
        served.put(request.id(), event.values());
        script.place(step(event.atMicros(), request, ": " + Words.read(request.reads(), event.values())));
    }

    void answered(Event.Answered event) {
        Request request = event.request();
        switch (event.outcome()) {
            case Outcome.Done done -> done(event.atMicros(), request, done);
            case Outcome.Refused(String why) -> failed(event, ": " + what(request) + " refused: " + Words.reason(why));
            case Outcome.Unknown() -> failed(event, ": " + what(request) + ", outcome unknown");
        }
        served.remove(request.id());
    }

    /** Shows the requests without an outcome at the end of the trace. */
    void ended() {
        asked.values().stream().filter(script::wentOnSince).forEach(draft -> draft.hide(false));
    }

    private void done(long at, Request request, Outcome.Done done) {
        begun(request, request.inSession());
        if (!request.reads().isEmpty()) {
            List<Contents> seen = served.get(request.id());
            if (!done.values().equals(seen)) {
                String verb = seen == null ? ": " : " told: ";
                script.place(step(at, request, verb + Words.read(request.reads(), done.values())));
            }
        }
        if (request.writes().isEmpty()) {
            return;
        }
        TracedUpdate update = done.update();
        if (update == null) {
            script.place(step(at, request, ": " + Words.commands(request.writes()) + " changes nothing"));
        } else if (!script.say(at, update.node(), Words.client(request) + " told", update)) {
            script.place(step(at, request, " told: " + names.of(update) + " is done"));
        }
    }

    private void failed(Event.Answered event, String label) {
        begun(event.request(), true);
        script.place(step(event.atMicros(), event.request(), label));
    }

    /** The request, or the update that it became in spite of its outcome. */
    private String what(Request request) {
        TracedUpdate update = foresight.effect(request);
        return update == null ? Words.asked(request) : names.of(update);
    }

    /** The node serves a request, or fails it: the last chance to show how long it has waited. */
    private void begun(Request request, boolean waitingMatters) {
        Draft draft = asked.remove(request.id());
        if (draft != null && waitingMatters && script.wentOnSince(draft)) {
            draft.hide(false);
        }
    }

    private static Draft step(long at, Request request, String label) {
        return Draft.step(at, request.node(), Mark.CLIENT, Words.client(request) + label);
    }
}
