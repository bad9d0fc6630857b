package dev.hence.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where a command's output goes: results to one stream, complaints to another.
 *
 * <p>Text is always written in UTF-8, as keys and values are bytes that have to come out as they went in.
 * Thread-safe.
 */
public final class Console {

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean coloured;
    private final boolean unicode;
    private volatile boolean muted;

    /**
     * @param coloured whether {@link #styled} colours
     * @param unicode whether characters beyond ASCII can be expected to show, for ornaments
     */
    public Console(Writer out, Writer err, boolean coloured, boolean unicode) {
        this.out = new PrintWriter(out, true);
        this.err = new PrintWriter(err, true);
        this.coloured = coloured;
        this.unicode = unicode;
    }

    /** That of this process. Colours only on a terminal, and not where {@code NO_COLOR} asks for none. */
    public static Console ofProcess(Map<String, String> environment) {
        boolean wantsColours = environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        return new Console(
                new PrintWriter(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
                new PrintWriter(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8),
                wantsColours && isTerminal(),
                encoding().newEncoder().canEncode('✓'));
    }

    /** One without visible output that does all the work of a visible one. */
    public static Console ofNobody() {
        return new Console(Writer.nullWriter(), Writer.nullWriter(), true, true);
    }

    /** Whether both ends of this process are a person's terminal. */
    @SuppressWarnings("SystemConsoleNull") // It is null when there is none, unless another provider is chosen.
    public static boolean isTerminal() {
        java.io.Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** A line of result. */
    public void line(String text) {
        if (!muted) {
            out.println(text);
        }
    }

    /** Prints no more lines. */
    public void mute() {
        muted = true;
    }

    /** Text of the result without a line end, at once. */
    public void print(String text) {
        out.print(text);
        out.flush();
    }

    /** Whether the reader of the result is gone: a pipe whose other end was closed. */
    public boolean isBroken() {
        return out.checkError();
    }

    /** A line for the person, not for the next program. */
    public void complain(String text) {
        if (!muted) {
            err.println(text);
        }
    }

    /** A failure with all that is known of it, for those who asked for that. */
    public void trace(Throwable failure) {
        failure.printStackTrace(err);
    }

    /** The text in a style, if this console has styles. */
    public String styled(Style style, String text) {
        return coloured ? style.wrap(text) : text;
    }

    /** Whether styles show. */
    public boolean coloured() {
        return coloured;
    }

    /** An ornament, or what stands for it where it would not show. */
    public String ornament(String ornament, String plain) {
        return unicode ? ornament : plain;
    }

    private static Charset encoding() {
        return Charset.forName(System.getProperty("stdout.encoding", "US-ASCII"), StandardCharsets.US_ASCII);
    }
}
