package dev.hence.system.cluster;

import java.util.Map;

/** How a link of a lab treats the updates that arrive through it. */
public sealed interface LinkMode {

    record Open() implements LinkMode {}

    record Hold() implements LinkMode {}

    record Delay(int millis) implements LinkMode {}

    record Reorder() implements LinkMode {}

    record Cut() implements LinkMode {}

    /** The body of {@code PUT /lab/links}. */
    default Map<String, Object> setting() {
        return switch (this) {
            case Open open -> Map.of("mode", "open");
            case Hold hold -> Map.of("mode", "hold");
            case Delay(int millis) -> Map.of("mode", "delay", "delay_millis", millis);
            case Reorder reorder -> Map.of("mode", "reorder");
            case Cut cut -> Map.of("mode", "cut");
        };
    }
}
