package dev.hence.cli.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.hence.client.HenceException;
import dev.hence.client.NodeStatus;
import java.util.List;

/** What nodes answered, as one line for programs. */
final class ClusterJson {

    private ClusterJson() {}

    /** {@code {"nodes":[{"url","reachable":true,"lag","status":{...}},{"url","reachable":false,"error":{...}}]}}. */
    static String of(List<NodeReport> reports) {
        ClusterReport cluster = new ClusterReport(reports);
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode nodes = document.putArray("nodes");
        for (NodeReport report : reports) {
            ObjectNode node = nodes.addObject().put("url", report.url());
            NodeStatus status = report.status();
            HenceException failure = report.failure();
            node.put("reachable", status != null);
            if (status != null) {
                node.put("lag", cluster.lag(status));
                node.putRawValue("status", new RawValue(status.json()));
            } else if (failure != null) {
                node.putObject("error").put("code", failure.code()).put("detail", failure.detail());
            }
        }
        return document.toString();
    }
}
