package dev.hence.http;

import dev.hence.node.store.HealthIssue;
import dev.hence.node.store.Store;
import dev.hence.node.store.WriteRefusedException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rejects or fails the writes to a store on demand, and reports why. Everything else reaches the store. */
final class RefusingStore {

    /** How writes fail; null if they succeed. */
    volatile @Nullable RuntimeException failure;

    /** The store as clients see it. */
    Store over(Store store) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            RuntimeException present = failure;
            return present == null ? forwarded(store, method, arguments) : refused(present, store, method, arguments);
        };
        return (Store) Proxy.newProxyInstance(Store.class.getClassLoader(), new Class<?>[] {Store.class}, handler);
    }

    private static @Nullable Object refused(
            RuntimeException failure, Store store, Method method, Object @Nullable [] arguments) throws Throwable {
        return switch (method.getName()) {
            case "write", "submit" -> throw failure;
            case "health" ->
                failure instanceof WriteRefusedException
                        ? List.of(new HealthIssue(HealthIssue.Kind.DISK_FULL, String.valueOf(failure.getMessage())))
                        : forwarded(store, method, arguments);
            case "unready" ->
                failure instanceof WriteRefusedException refusal
                        ? Optional.of(refusal)
                        : forwarded(store, method, arguments);
            default -> forwarded(store, method, arguments);
        };
    }

    private static @Nullable Object forwarded(Store store, Method method, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(store, arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getTargetException();
        }
    }
}
