package dev.hence.http.api;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.delivery.BufferedUpdate;
import dev.hence.http.exchange.Answer;
import dev.hence.http.json.JsonBytes;
import dev.hence.node.store.HealthIssue;
import dev.hence.node.store.NodeStatus;
import dev.hence.node.store.ReplicaNames;
import dev.hence.node.store.Store;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.jspecify.annotations.Nullable;

/**
 * The status page for browsers: one page without scripts or external resources, which reloads itself every few seconds.
 */
public final class StatusPage {

    private static final String TYPE = "text/html; charset=utf-8";
    private static final HttpField POLICY = new HttpField(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
    private static final HttpField NO_REFERRER = new HttpField("Referrer-Policy", "no-referrer");
    private static final int VALUE_CHARS_SHOWN = 120;
    private static final int KEYS_SHOWN = 50;
    private static final String STYLE = """
            :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
            body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
            table { border-collapse: collapse; width: 100%; }
            th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0;
              border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
            td { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
            .quiet { opacity: .65; } .issue { border-left: .3rem solid #c60; padding-left: .8rem; }
            .issue.unready { border-color: #c00; }
            @media (max-width: 40rem) {
              table.list, .list tbody, .list tr, .list td { display: block; }
              .list tr:first-child { display: none; }
              .list td { border: 0; padding: 0 0 0 9rem; text-indent: -9rem; }
              .list td::before { content: attr(data-column); display: inline-block; width: 9rem; text-indent: 0;
                font-family: system-ui, sans-serif; opacity: .65; }
              .list tr { border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent);
                padding: .5rem 0; }
            }
            """;

    private final String clusterName;

    public StatusPage(String clusterName) {
        this.clusterName = clusterName;
    }

    /** The page that shows a node and its first keys. */
    Answer answer(NodeStatus status, Store.Reading<Store.Page> keys) {
        List<String> names =
                status.members().stream().map(NodeStatus.Member::name).toList();
        StringBuilder html = new StringBuilder(8_192);
        String title = escape(status.self().name() + " - Hence");
        html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width\">")
                .append("<meta http-equiv=\"refresh\" content=\"5\"><title>")
                .append(title)
                .append("</title><style>\n")
                .append(STYLE)
                .append("</style></head><body>\n<h1>")
                .append(title)
                .append("</h1>\n");
        issues(html, status);
        node(html, status, names);
        members(html, status, names);
        buffered(html, status);
        keys(html, keys.value());
        html.append("<p class=\"quiet\">The same for programs: this page as JSON, /status, /metrics, /openapi.json."
                + "</p>\n</body></html>\n");
        return Answer.whole(200, keys.clock(), TYPE, Bytes.utf8(html.toString()))
                .with(POLICY)
                .with(NO_REFERRER);
    }

    private static void issues(StringBuilder html, NodeStatus status) {
        for (HealthIssue issue : status.health()) {
            html.append("<p class=\"issue")
                    .append(issue.unready() ? " unready" : "")
                    .append("\"><strong>")
                    .append(escape(issue.kind().title()))
                    .append(".</strong> ")
                    .append(escape(issue.detail()))
                    .append("</p>\n");
        }
    }

    private void node(StringBuilder html, NodeStatus status, List<String> names) {
        html.append("<table>");
        fact(html, "Replica", status.self().toString());
        fact(html, "Cluster", clusterName);
        fact(html, "Version", ProductVersion.text());
        fact(html, "Clock", clock(status.clock(), names));
        fact(html, "On disk", clock(status.durable(), names));
        fact(html, "Stable", clock(status.stable(), names));
        fact(html, "Keys", String.valueOf(status.keys()));
        html.append("</table>\n");
    }

    private static void members(StringBuilder html, NodeStatus status, List<String> names) {
        List<String> columns = List.of("Node", "Address", "State", "Has applied", "Ahead of this node", "Heard");
        table(html, "Members", columns);
        for (NodeStatus.Member member : status.members()) {
            row(
                    html,
                    columns,
                    member.name(),
                    member.address() == null ? "-" : member.address(),
                    member.self() ? "this node" : member.state(),
                    clock(member.applied(), names),
                    member.updatesBehind() + " updates",
                    heard(member.self(), member.heardMillisAgo()));
        }
        html.append("</table>\n");
    }

    private static void buffered(StringBuilder html, NodeStatus status) {
        List<String> columns = List.of("Update", "Waits for", "Seconds", "Keys");
        table(html, "Held back: " + status.bufferedCount() + " updates", columns);
        long nowMillis = System.currentTimeMillis();
        for (BufferedUpdate waiting : status.buffered()) {
            row(
                    html,
                    columns,
                    waiting.update().dot().replica().name() + ":"
                            + waiting.update().dot().counter(),
                    waiting.waitingFor().replica().name() + ":"
                            + waiting.waitingFor().counter(),
                    String.valueOf(Math.max(0, nowMillis - waiting.sinceMillis()) / 1_000),
                    waiting.update().operations().stream()
                            .limit(KEYS_SHOWN)
                            .map(operation -> shorten(JsonBytes.name(operation.key())))
                            .collect(Collectors.joining(", ")));
        }
        html.append("</table>\n");
    }

    private static void keys(StringBuilder html, Store.Page page) {
        List<String> columns = List.of("Key", "Value", "Siblings");
        table(html, "First keys", columns);
        page.entries().stream()
                .limit(KEYS_SHOWN)
                .forEach(entry -> row(
                        html,
                        columns,
                        shorten(JsonBytes.name(entry.key())),
                        value(entry.head()),
                        siblings(entry.head())));
        html.append("</table>\n");
        if (page.next() != null || page.entries().size() > KEYS_SHOWN) {
            html.append("<p class=\"quiet\">There are more keys: GET /kv lists all.</p>\n");
        }
    }

    private static String value(KeyHead head) {
        Bytes value = KeysJson.stringValue(head);
        return value == null ? "(" + head.type() + ")" : shorten(JsonBytes.name(value));
    }

    /** The values that lost against a concurrent one, kept until a client that has seen them overwrites them. */
    private static String siblings(KeyHead head) {
        int losers = head.string().register().entries().size() - 1;
        return losers <= 0 ? "-" : String.valueOf(losers);
    }

    private static void fact(StringBuilder html, String name, String value) {
        html.append("<tr><th>")
                .append(escape(name))
                .append("</th><td>")
                .append(escape(value))
                .append("</td></tr>");
    }

    private static void table(StringBuilder html, String heading, List<String> columns) {
        html.append("<h2>").append(escape(heading)).append("</h2>\n<table class=\"list\"><tr>");
        columns.forEach(column -> html.append("<th>").append(escape(column)).append("</th>"));
        html.append("</tr>\n");
    }

    private static void row(StringBuilder html, List<String> columns, String... cells) {
        html.append("<tr>");
        for (int i = 0; i < cells.length; i++) {
            html.append("<td data-column=\"")
                    .append(escape(columns.get(i)))
                    .append("\">")
                    .append(escape(cells[i]))
                    .append("</td>");
        }
        html.append("</tr>\n");
    }

    private static String clock(VersionVector clock, List<String> names) {
        return ReplicaNames.byName(clock, names).entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String heard(boolean self, @Nullable Long millisAgo) {
        return self ? "-" : millisAgo == null ? "never" : millisAgo / 1_000 + " s ago";
    }

    private static String shorten(String text) {
        return text.length() <= VALUE_CHARS_SHOWN ? text : text.substring(0, VALUE_CHARS_SHOWN) + "...";
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            switch (character) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(Character.isISOControl(character) ? '\u00B7' : character);
            }
        }
        return escaped.toString();
    }
}
