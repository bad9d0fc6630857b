package dev.hence.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections from machine 0 to machine 1 over a network whose delays differ widely. */
final class ConnectionTest {
    private static final long LONG_MICROS = 1_000_000;

    private final Agenda agenda = new Agenda();
    private final Network network = new Network(agenda, 2, new Network.Delays(10_000, 50_000, 0.2), new Chance(3));
    private final List<String> atOpener = new ArrayList<>();
    private final List<String> atAcceptor = new ArrayList<>();

    ConnectionTest() {
        network.power(0, true);
        network.power(1, true);
    }

    private static Connection.Handler<String> into(List<String> log) {
        return new Connection.Handler<>() {
            @Override
            public void arrived(String message) {
                log.add(message);
            }

            @Override
            public void ended() {
                log.add("ended");
            }
        };
    }

    private Connection<String> open() {
        Connection<String> connection = network.open(0, 1, accepted -> accepted.handle(false, into(atAcceptor)));
        connection.handle(true, into(atOpener));
        return connection;
    }

    private void pass(long micros) {
        agenda.runUntil(agenda.nowMicros() + micros);
    }

    @Test
    void send_manyMessages_arriveInTheirOrder() {
        Connection<String> connection = open();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            sent.add("m" + i);
            connection.send(true, "m" + i);
        }

        pass(LONG_MICROS);

        assertThat(atAcceptor).isEqualTo(sent);
        assertThat(atOpener).isEmpty();
    }

    @Test
    void send_onManyConnections_overtakesAcrossThem() {
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            sent.add("m" + i);
            open().send(true, "m" + i);
        }

        pass(LONG_MICROS);

        assertThat(atAcceptor).containsExactlyInAnyOrderElementsOf(sent).isNotEqualTo(sent);
    }

    @Test
    void cut_oneDirection_holdsItUntilItIsMendedAndNotTheOther() {
        Connection<String> connection = open();
        pass(LONG_MICROS);
        network.cut(0, 1, 3 * LONG_MICROS);
        connection.send(true, "there 1");
        connection.send(true, "there 2");
        connection.send(false, "back");

        pass(2 * LONG_MICROS);
        assertThat(atAcceptor).isEmpty();
        assertThat(atOpener).containsExactly("back");

        pass(2 * LONG_MICROS);
        assertThat(atAcceptor).containsExactly("there 1", "there 2");
    }

    @Test
    void cut_twiceAtATime_endsWithTheLast() {
        Connection<String> connection = open();
        pass(LONG_MICROS);
        network.cut(0, 1, LONG_MICROS);
        network.cut(0, 1, 3 * LONG_MICROS);
        connection.send(true, "m");

        pass(2 * LONG_MICROS);
        assertThat(atAcceptor).isEmpty();

        pass(2 * LONG_MICROS);
        assertThat(atAcceptor).containsExactly("m");
    }

    @Test
    void slow_oneDirection_takesThatMuchLonger() {
        network.slow(0, 1, 100, LONG_MICROS);
        Connection<String> connection = open();
        connection.send(true, "m");

        pass(1_900);
        assertThat(atAcceptor).isEmpty();

        pass(10 * LONG_MICROS);
        assertThat(atAcceptor).containsExactly("m");
    }

    @Test
    void slow_whileItIsSlow_lastsUntilTheLastEnds() {
        network.slow(0, 1, 100, LONG_MICROS);
        pass(LONG_MICROS / 2);
        network.slow(0, 1, 100, LONG_MICROS);
        pass(LONG_MICROS * 3 / 4);
        open().send(true, "m");

        pass(1_900);
        assertThat(atAcceptor).isEmpty();
    }

    @Test
    void open_nobodyAccepts_isRefused() {
        Connection<String> connection = network.open(0, 1, nobody -> {});
        connection.handle(true, into(atOpener));

        pass(LONG_MICROS);

        assertThat(atOpener).containsExactly("ended");
    }

    @Test
    void open_toMachineWithoutPower_isNotEvenRefused() {
        network.power(1, false);
        open().send(true, "m");

        pass(LONG_MICROS);

        assertThat(atOpener).isEmpty();
        assertThat(atAcceptor).isEmpty();
    }

    @Test
    void close_oneEnd_tellsTheOtherAfterWhatWasSent() {
        Connection<String> connection = open();
        connection.send(true, "last words");
        connection.close(true);
        connection.send(true, "too late");

        pass(LONG_MICROS);

        assertThat(atAcceptor).containsExactly("last words", "ended");
    }

    @Test
    void close_whileTheOtherSends_whatComesIsNotRead() {
        Connection<String> connection = open();
        pass(LONG_MICROS);
        connection.send(false, "m");
        connection.close(true);

        pass(LONG_MICROS);

        assertThat(atOpener).isEmpty();
        assertThat(atAcceptor).containsExactly("ended");
    }

    @Test
    void vanish_powerIsLost_tellsNobody() {
        Connection<String> connection = open();
        pass(LONG_MICROS);
        network.power(1, false);
        connection.vanish(false);
        connection.send(true, "m");

        pass(LONG_MICROS);

        assertThat(atOpener).isEmpty();
        assertThat(atAcceptor).isEmpty();
    }

    @Test
    void vanish_powerIsBack_nextMessageIsAnsweredWithTheEnd() {
        Connection<String> connection = open();
        pass(LONG_MICROS);
        network.power(1, false);
        connection.vanish(false);
        network.power(1, true);
        connection.send(true, "m");

        pass(LONG_MICROS);

        assertThat(atOpener).containsExactly("ended");
    }
}
