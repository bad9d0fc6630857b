package dev.hence.simulator.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Identity;
import dev.hence.core.replica.Replica;
import dev.hence.core.update.Update;
import dev.hence.simulator.world.Chance;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DiskTest {
    private static final ReplicaId SELF = new ReplicaId("node1", 1);

    private final Disk disk = new Disk();
    private final Batches node = new Batches(SELF);

    private static Disk.Note note(long storage) {
        return new Disk.Note(Identity.of(SELF), storage, 0, false, false);
    }

    private List<CommitBatch> write(int batches) {
        List<CommitBatch> written = new ArrayList<>();
        for (int i = 0; i < batches; i++) {
            CommitBatch batch = node.next("x", "y");
            disk.append(batch);
            written.add(batch);
        }
        return written;
    }

    private static List<Update> updates(List<CommitBatch> batches) {
        return batches.stream().flatMap(batch -> batch.delivered().stream()).toList();
    }

    @Test
    void losePower_anyLuck_keepsWhatWasSyncedAndABeginningOfTheRest() {
        Set<Integer> kept = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            Disk tried = new Disk();
            List<CommitBatch> written = new ArrayList<>();
            Batches batches = new Batches(SELF);
            for (int i = 0; i < 6; i++) {
                written.add(batches.next("x", "y"));
                tried.append(written.getLast());
                if (i == 1) {
                    tried.sync();
                }
            }

            List<Update> lost = tried.losePower(new Chance(seed));

            int left = tried.batches().size();
            kept.add(left);
            assertThat(tried.batches()).isEqualTo(written.subList(0, left));
            assertThat(lost).isEqualTo(updates(written.subList(left, 6)));
        }
        assertThat(kept).containsExactlyInAnyOrder(2, 3, 4, 5, 6);
    }

    @Test
    void losePower_twice_losesNothingMoreTheSecondTime() {
        write(5);
        disk.losePower(new Chance(1));

        assertThat(disk.losePower(new Chance(2))).isEmpty();
    }

    @Test
    void recovered_newDisk_isNothing() {
        assertThat(disk.recovered()).isNull();
    }

    @Test
    void recovered_opened_isWhatWasNotedAndNothingElse() {
        disk.note(note(disk.storage()));

        assertThat(disk.recovered()).isEqualTo(Replica.Recovered.fresh(SELF));
    }

    @Test
    void recovered_written_isTheLastBatch() {
        disk.note(note(disk.storage()));
        CommitBatch last = write(3).getLast();

        assertThat(disk.recovered()).isEqualTo(new Replica.Recovered(SELF, last.clock(), last.timestamp()));
    }

    @Test
    void recovered_renewedAfterTheNote_isTheIdentityOfTheLastBatch() {
        disk.note(note(disk.storage()));
        ReplicaId renewed = new ReplicaId("node1", 2);
        write(1);
        node.renew(renewed);
        write(1);
        assertThat(disk.recovered()).extracting(Replica.Recovered::self).isEqualTo(renewed);

        ReplicaId atStart = new ReplicaId("node1", 3);
        disk.note(new Disk.Note(Identity.of(atStart), disk.storage(), 1, false, false));
        assertThat(disk.recovered()).extracting(Replica.Recovered::self).isEqualTo(atStart);
    }

    @Test
    void replace_byCopy_isTheCopyOnAnotherStorage() {
        disk.note(note(disk.storage()));
        List<CommitBatch> written = write(2);
        Disk.Copy copy = disk.copy();
        write(2);
        assertThat(disk.holds(copy)).isTrue();

        disk.replace(copy);

        assertThat(disk.updates()).isEqualTo(updates(written));
        assertThat(disk.requireNote().storage()).isNotEqualTo(disk.storage());
        assertThat(disk.holds(copy)).isFalse();
    }

    @Test
    void replace_byEmpty_isANewDisk() {
        disk.note(note(disk.storage()));
        write(2);

        disk.replace(Disk.EMPTY);

        assertThat(disk.recovered()).isNull();
        assertThat(disk.updates()).isEmpty();
    }

    @Test
    void rollBack_toCopy_leavesNoSign() {
        disk.note(note(disk.storage()));
        List<CommitBatch> written = write(2);
        Disk.Copy copy = disk.copy();
        write(2);
        disk.note(new Disk.Note(Identity.of(SELF), disk.storage(), 7, true, true));

        disk.rollBack(copy);

        assertThat(disk.updates()).isEqualTo(updates(written));
        assertThat(disk.requireNote()).isEqualTo(note(disk.storage()));
        assertThat(disk.losePower(new Chance(1))).isEmpty();
    }

    @Test
    void holds_copyWhoseBatchesWereLostAndWrittenAnew_isNoEarlierState() {
        disk.note(note(disk.storage()));
        Disk.Copy before = disk.copy();
        write(1);
        Disk.Copy copy = disk.copy();
        disk.rollBack(before);
        disk.append(new Batches(SELF).next("x"));

        assertThat(disk.holds(copy)).isFalse();
        assertThat(disk.recovered()).extracting(Replica.Recovered::clock).isEqualTo(VersionVector.EMPTY.with(SELF, 1));
    }
}
