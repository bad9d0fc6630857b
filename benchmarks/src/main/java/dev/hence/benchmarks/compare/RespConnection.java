package dev.hence.benchmarks.compare;

import dev.hence.benchmarks.Lines;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection of the Redis protocol: requests of strings, replies of one line or one string. */
final class RespConnection implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;

    RespConnection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    static byte[] request(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ascii("*" + words.length + "\r\n"));
        for (String word : words) {
            out.writeBytes(ascii("$" + word.length() + "\r\n" + word + "\r\n"));
        }
        return out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Sends a request and returns its reply. */
    String call(String... words) throws IOException {
        send(request(words));
        return reply();
    }

    void send(byte[] requests) throws IOException {
        socket.getOutputStream().write(requests);
    }

    InputStream input() {
        return in;
    }

    /** The next reply; empty for an absent value. An error is returned with its leading minus. */
    String reply() throws IOException {
        String line = Lines.read(in);
        if (!line.startsWith("$")) {
            return line.startsWith("-") ? line : line.substring(1);
        }
        int length = Integer.parseInt(line.substring(1));
        if (length < 0) {
            return "";
        }
        byte[] bytes = in.readNBytes(length + 2);
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
