package dev.hence.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.delivery.BufferedUpdate;
import dev.hence.core.replication.CatchUp;
import dev.hence.core.replication.LogNeeds;
import dev.hence.core.update.Operation;
import dev.hence.engine.storage.MemoryUse;
import dev.hence.http.json.JsonClocks;
import dev.hence.node.store.HealthIssue;
import dev.hence.node.store.NodeStatus;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parts of a node's status as JSON. */
final class StatusJson {

    private StatusJson() {}

    /** The member {@code issues}: what is wrong with the node. */
    static void writeHealth(JsonGenerator json, List<HealthIssue> issues) throws IOException {
        json.writeArrayFieldStart("issues");
        for (HealthIssue issue : issues) {
            json.writeStartObject();
            json.writeStringField("code", issue.kind().code());
            json.writeStringField("title", issue.kind().title());
            json.writeStringField("detail", issue.detail());
            json.writeBooleanField("unready", issue.unready());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** The member {@code catching_up}: null unless the node is doing so. */
    static void writeCatchingUp(JsonGenerator json, CatchUp.@Nullable Progress progress) throws IOException {
        if (progress == null) {
            json.writeNullField("catching_up");
            return;
        }
        json.writeObjectFieldStart("catching_up");
        json.writeNumberField("percent", progress.percent());
        json.writeNumberField("updates", progress.updates());
        json.writeNumberField("updates_total", progress.updatesTotal());
        if (progress.secondsLeft().isPresent()) {
            json.writeNumberField("seconds_left", progress.secondsLeft().getAsLong());
        } else {
            json.writeNullField("seconds_left");
        }
        json.writeArrayFieldStart("awaited");
        for (String address : progress.awaited()) {
            json.writeString(address);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** The member {@code gone}: the updates that the node needs and that peers have deleted. */
    static void writeGone(JsonGenerator json, List<NodeStatus.Gone> all) throws IOException {
        json.writeArrayFieldStart("gone");
        for (NodeStatus.Gone gone : all) {
            json.writeStartObject();
            json.writeStringField("next", gone.next().toString());
            json.writeNumberField("first", gone.first());
            json.writeArrayFieldStart("peers");
            for (String peer : gone.peers()) {
                json.writeString(peer);
            }
            json.writeEndArray();
            json.writeBooleanField("elsewhere", gone.elsewhere());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** The member {@code log}: how much of the log of updates there is, and which members hold its deletion back. */
    static void writeLog(JsonGenerator json, NodeStatus.UpdateLog log) throws IOException {
        json.writeObjectFieldStart("log");
        json.writeNumberField("bytes", log.bytes());
        json.writeNumberField("first_sequence", log.firstSequence());
        json.writeNumberField("checkpointed_sequence", log.checkpointedSequence());
        json.writeNumberField("end_sequence", log.endSequence());
        json.writeArrayFieldStart("held_back_by");
        for (LogNeeds.Lack lack : log.heldBackBy()) {
            json.writeStartObject();
            json.writeStringField("node_id", lack.member());
            json.writeStringField("next", lack.first().toString());
            json.writeBooleanField("heard", lack.known());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** The member {@code memory}: what takes how much of it, in bytes. */
    static void writeMemory(JsonGenerator json, MemoryUse parts) throws IOException {
        Runtime runtime = Runtime.getRuntime();
        json.writeObjectFieldStart("memory");
        json.writeNumberField("heap", runtime.totalMemory() - runtime.freeMemory());
        json.writeNumberField("heap_max", runtime.maxMemory());
        json.writeNumberField("rows", parts.rows());
        json.writeNumberField("rows_max", parts.rowsMax());
        json.writeNumberField("rows_dirty", parts.dirtyRows());
        json.writeNumberField("log_tail", parts.logTail());
        json.writeNumberField("memtables", parts.memtables());
        json.writeNumberField("blocks", parts.blocks());
        json.writeEndObject();
    }

    /** The member {@code members}. */
    static void writeMembers(JsonGenerator json, List<NodeStatus.Member> members, JsonClocks clocks)
            throws IOException {
        json.writeArrayFieldStart("members");
        for (NodeStatus.Member member : members) {
            json.writeStartObject();
            json.writeStringField("node_id", member.name());
            writeNullable(json, "replica", member.replica());
            writeNullable(json, "address", member.address());
            json.writeBooleanField("self", member.self());
            json.writeBooleanField("connected", member.connected());
            json.writeStringField("state", member.state());
            clocks.write(json, "applied", member.applied());
            clocks.write(json, "durable", member.durable());
            json.writeNumberField("updates_behind", member.updatesBehind());
            if (member.heardMillisAgo() == null) {
                json.writeNullField("heard_millis_ago");
            } else {
                json.writeNumberField("heard_millis_ago", member.heardMillisAgo());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** The member {@code follows}. */
    static void writeFollows(JsonGenerator json, List<NodeStatus.Follow> follows) throws IOException {
        json.writeArrayFieldStart("follows");
        for (NodeStatus.Follow follow : follows) {
            json.writeStartObject();
            json.writeStringField("origin", follow.origin().toString());
            json.writeStringField("through", follow.through().toString());
            json.writeStringField("state", follow.state());
            json.writeNumberField("received", follow.received());
            json.writeNumberField("last_counter", follow.lastCounter());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** The member {@code clock}: this node's wall clock among those of others. */
    static void writeClock(JsonGenerator json, NodeStatus.Clock clock) throws IOException {
        json.writeObjectFieldStart("clock");
        json.writeNumberField("millis", clock.millis());
        json.writeStringField("verdict", clock.verdict().name().toLowerCase(Locale.ROOT));
        json.writeNumberField("hybrid_ahead_millis", clock.hybridAheadMillis());
        json.writeNumberField("last_jump_millis", clock.lastJumpMillis());
        json.writeObjectFieldStart("others_ahead_millis");
        for (Map.Entry<String, Long> other : clock.othersAheadMillis().entrySet()) {
            json.writeNumberField(other.getKey(), other.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /** The member {@code held}: updates that are too far ahead of the wall clock to be taken. */
    static void writeHeld(JsonGenerator json, List<NodeStatus.Held> held) throws IOException {
        json.writeArrayFieldStart("held");
        for (NodeStatus.Held each : held) {
            json.writeStartObject();
            JsonClocks.write(json, "dot", each.dot());
            json.writeStringField("node_id", each.dot().replica().name());
            json.writeStringField("through", each.through());
            json.writeNumberField("ahead_millis", each.aheadMillis());
            json.writeNumberField("since_millis", each.sinceMillis());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** The member {@code buffered}: updates that were received and wait for others. */
    static void writeBuffered(JsonGenerator json, List<BufferedUpdate> buffered) throws IOException {
        json.writeArrayFieldStart("buffered");
        for (BufferedUpdate waiting : buffered) {
            ReplicaId awaited = waiting.waitingFor().replica();
            json.writeStartObject();
            JsonClocks.write(json, "dot", waiting.update().dot());
            json.writeStringField("node_id", waiting.update().dot().replica().name());
            json.writeObjectFieldStart("waiting_for");
            json.writeStringField("replica", awaited.toString());
            json.writeStringField("node_id", awaited.name());
            json.writeNumberField("counter", waiting.waitingFor().counter());
            json.writeEndObject();
            json.writeNumberField("since_millis", waiting.sinceMillis());
            json.writeArrayFieldStart("operations");
            for (Operation operation : waiting.update().operations()) {
                KeysJson.write(json, operation, false);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeNullable(JsonGenerator json, String name, @Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, value.toString());
        }
    }
}
