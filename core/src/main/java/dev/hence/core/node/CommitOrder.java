package dev.hence.core.node;

import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Replica;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order of a node's steps: tasks run on the replica; the changes of a group of them are appended to the log as one
 * batch, forced to the disk if the policy requires that, applied to the rows that readers read, and published; and only
 * then are its tasks answered.
 *
 * <p><b>Use.</b> The host reports each task that has run ({@link #ran}), closes the group ({@link #close}), and carries
 * out the steps that {@link #next} returns, one at a time, each followed by {@link #done}. While a group is stored the
 * next tasks queue up, so under load many tasks share one group.
 *
 * <p><b>Overlap.</b> If {@link Rules#groupsMax} is more than 1, further tasks run while a group is being stored. They
 * read its changes through {@link Unstored}. The groups are stored one after another, so their order in the log is that
 * in which they ran.
 *
 * <p><b>Invariants.</b> (1) A task is answered after everything that it may have read or written is published: its own
 * group and all earlier ones. That includes tasks that changed nothing. (2) A group is published after it is appended
 * and, under a policy that forces every group, forced. (3) Whatever is published is a beginning of the log. (4) After a
 * failed step nothing is stored, published or answered any more.
 *
 * <p>Not thread-safe.
 *
 * @param <T> the host's tasks
 */
public final class CommitOrder<T> {
    /**
     * The limits of groups.
     *
     * @param forcesGroups whether a group is forced to the disk before it is published
     * @param groupBytesMax the size in bytes of keys and values at which a group is closed before more tasks run
     * @param groupsMax the number of groups that may be closed and not answered when a task runs, plus 1
     */
    public record Rules(boolean forcesGroups, long groupBytesMax, int groupsMax) {
        /** @throws IllegalArgumentException if no group could run */
        public Rules {
            if (groupsMax < 1) {
                throw new IllegalArgumentException("groups: " + groupsMax + " (expected: at least 1)");
            }
        }
    }

    /** What the host does with a group. */
    public enum Action {
        /** Appends the updates to the log, after those of all earlier groups; stores the identity before. */
        APPEND,
        /** Forces the log to the disk: everything appended so far survives a power loss. */
        FORCE,
        /** Applies the changes to the rows, with the group's end as their position, in one atomic step. */
        APPLY,
        /** Gives the clock to readers and peers. */
        PUBLISH,
        /** Answers the tasks. */
        ANSWER
    }

    /** A step that the host carries out. */
    public record Step<T>(Action action, Group<T> group) {
        /** The changes of the group, which every step but {@link Action#ANSWER} has. */
        public CommitBatch changes() {
            CommitBatch changes = group.changes;
            if (changes == null) {
                throw new IllegalStateException(action + " of a group without changes (expected: only ANSWER)");
            }
            return changes;
        }
    }

    /** Tasks that ran one after another, and what they changed together. */
    public static final class Group<T> {
        private final List<T> tasks;
        private final @Nullable CommitBatch changes;
        private final LogPosition end;
        private Action due;

        private Group(List<T> tasks, @Nullable CommitBatch changes, LogPosition end) {
            this.tasks = tasks;
            this.changes = changes;
            this.end = end;
            this.due = changes == null ? Action.ANSWER : Action.APPEND;
        }

        /** The tasks, in the order in which they ran. */
        public List<T> tasks() {
            return tasks;
        }

        /** What they changed; null if nothing. */
        public @Nullable CommitBatch changes() {
            return changes;
        }

        /** The place in the log after its updates. */
        public LogPosition end() {
            return end;
        }
    }

    private final Replica replica;
    private final Unstored unstored;
    private final Rules rules;
    private final Deque<Group<T>> closed = new ArrayDeque<>();
    private List<T> ran = new ArrayList<>();
    private LogPosition taken;
    private LogPosition applied;
    private LogPosition published;
    private @Nullable Step<T> running;

    /**
     * @param unstored what the replica reads
     * @param recovered the place in the log from which the replica continues
     */
    public CommitOrder(Replica replica, Unstored unstored, LogPosition recovered, Rules rules) {
        this.replica = replica;
        this.unstored = unstored;
        this.rules = rules;
        this.taken = recovered;
        this.applied = recovered;
        this.published = recovered;
    }

    /** Whether a task may run now. */
    public boolean mayRun() {
        return closed.size() < rules.groupsMax();
    }

    /**
     * Records that a task has run on the replica.
     *
     * @return whether the group is full and must be closed before another task runs
     */
    public boolean ran(T task) {
        require(mayRun(), "a task ran while groups were being stored");
        ran.add(task);
        return replica.untakenBytes() > rules.groupBytesMax();
    }

    /**
     * Closes the group of the tasks that have run; its steps follow.
     *
     * @return the group; null if no task has run and nothing has changed
     */
    public @Nullable Group<T> close() {
        require(mayRun(), "a group was closed while others were being stored");
        CommitBatch changes = replica.takeChanges();
        if (changes == null && ran.isEmpty()) {
            return null;
        }
        if (changes != null) {
            taken = taken.after(changes);
            unstored.taken(changes);
        }
        Group<T> group = new Group<>(ran, changes, taken);
        closed.add(group);
        ran = new ArrayList<>(ran.size());
        return group;
    }

    /** Returns the step to carry out now; null if there is none, or while the host carries one out. */
    public @Nullable Step<T> next() {
        Group<T> oldest = closed.peek();
        if (running != null || oldest == null) {
            return null;
        }
        running = new Step<>(oldest.due, oldest);
        return running;
    }

    /** Records that the step that {@link #next} returned is carried out. If it failed, this is never called. */
    public void done() {
        Step<T> step = running;
        if (step == null) {
            throw broken("a step was done that was not begun");
        }
        running = null;
        Group<T> group = step.group();
        switch (step.action()) {
            case APPEND -> group.due = rules.forcesGroups() ? Action.FORCE : Action.APPLY;
            case FORCE -> group.due = Action.APPLY;
            case APPLY -> {
                unstored.stored();
                applied = group.end();
                group.due = Action.PUBLISH;
            }
            case PUBLISH -> {
                published = group.end();
                group.due = Action.ANSWER;
            }
            case ANSWER -> closed.remove();
        }
    }

    /** The place in the log that the rows belong to. */
    public LogPosition applied() {
        return applied;
    }

    /** The place in the log up to which everything is published. */
    public LogPosition published() {
        return published;
    }

    /** Whether nothing runs, waits to be stored, or waits to be answered. */
    public boolean isIdle() {
        return closed.isEmpty() && ran.isEmpty();
    }

    /**
     * Whether changes are being stored or published: if that fails, the changes of the group's tasks may or may not have
     * happened. Those of later groups certainly have not.
     */
    public boolean isStoring() {
        Group<T> oldest = closed.peek();
        boolean begun = oldest != null && (running != null || oldest.due != Action.APPEND);
        return begun && oldest.due != Action.ANSWER;
    }

    /** Receives tasks that have run. */
    @FunctionalInterface
    public interface Unanswered<T> {
        /** @param mayHaveHappened whether the task's changes may be stored; otherwise they certainly are not */
        void task(T task, boolean mayHaveHappened);
    }

    /** Visits the tasks that have run and are not answered, for a host that ends after a failed step. */
    public void forEachUnanswered(Unanswered<T> visitor) {
        boolean isFirst = true;
        for (Group<T> group : closed) {
            boolean isPublished = group.changes != null && group.due == Action.ANSWER;
            boolean mayHaveHappened = isFirst && (isStoring() || isPublished);
            group.tasks.forEach(task -> visitor.task(task, mayHaveHappened));
            isFirst = false;
        }
        ran.forEach(task -> visitor.task(task, false));
    }

    private static void require(boolean kept, String broken) {
        if (!kept) {
            throw broken(broken);
        }
    }

    private static AssertionError broken(String what) {
        return new AssertionError("order of commits: " + what);
    }
}
