package dev.hence.http;

import dev.hence.http.exchange.Route;
import dev.hence.http.exchange.Route.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request by its path as it came, still encoded: a key may contain what an encoded slash or two
 * dots stand for, so the path is never normalized.
 *
 * <p>A path is looked up literally, then by the few prefixes of routes that end in a parameter.
 *
 * <p>Immutable.
 */
final class Router {

    /** The routes of one path. */
    static final class Methods {
        private final Map<Method, MeteredRoute> routes = new EnumMap<>(Method.class);

        /** The route of a method; null if the path does not take it. */
        @Nullable
        MeteredRoute get(String method) {
            return switch (method) {
                case "GET", "HEAD" -> routes.get(Method.GET);
                case "PUT" -> routes.get(Method.PUT);
                case "POST" -> routes.get(Method.POST);
                case "DELETE" -> routes.get(Method.DELETE);
                default -> null;
            };
        }

        /** The methods that the path takes, as the {@code Allow} header names them. */
        String allowed() {
            return routes.keySet().stream()
                    .map(method -> method == Method.GET ? "GET, HEAD" : method.name())
                    .collect(Collectors.joining(", "));
        }

        private void add(MeteredRoute metered) {
            Route route = metered.route();
            if (routes.put(route.method(), metered) != null) {
                throw new IllegalArgumentException(
                        "route " + route.method() + " " + route.path() + ": declared twice (expected: once)");
            }
        }
    }

    /** A prefix and what is behind it. */
    private record Prefix(String text, Methods methods) {}

    private final Map<String, Methods> literals = new HashMap<>();
    private final List<Prefix> prefixes = new ArrayList<>();

    /** @throws IllegalArgumentException if two routes have the same method and path */
    Router(Collection<MeteredRoute> routes) {
        Map<String, Methods> byPrefix = new HashMap<>();
        for (MeteredRoute metered : routes) {
            Route route = metered.route();
            Map<String, Methods> table = route.hasPathParameter() ? byPrefix : literals;
            table.computeIfAbsent(route.prefix(), path -> new Methods()).add(metered);
        }
        byPrefix.forEach((text, methods) -> prefixes.add(new Prefix(text, methods)));
    }

    /** What is at a path; null if nothing is. */
    @Nullable
    Methods find(String path) {
        Methods literal = literals.get(path);
        if (literal != null) {
            return literal;
        }
        for (Prefix prefix : prefixes) {
            if (path.startsWith(prefix.text())) {
                return prefix.methods();
            }
        }
        return null;
    }
}
