package dev.hence.simulator.diagram;

import java.io.StringWriter;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A writer of an SVG document, element by element. Only this class escapes text and attributes. */
final class SvgPage {
    private static final String NAMESPACE = "http://www.w3.org/2000/svg";

    private final StringWriter text = new StringWriter();
    private final XMLStreamWriter xml;

    /** Begins a document of this size, in pixels. */
    SvgPage(int width, int height, String title) {
        try {
            xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
        } catch (XMLStreamException e) {
            throw cannotHappen(e);
        }
        open(
                "svg",
                "xmlns",
                NAMESPACE,
                "width",
                width,
                "height",
                height,
                "viewBox",
                "0 0 " + width + " " + height,
                "role",
                "img");
        leaf("title", title);
    }

    /** Opens an element; attributes are pairs of a name and a string or a number. */
    void open(String name, Object... attributes) {
        try {
            xml.writeStartElement(name);
            for (int i = 0; i < attributes.length; i += 2) {
                xml.writeAttribute((String) attributes[i], attribute(attributes[i + 1]));
            }
        } catch (XMLStreamException e) {
            throw cannotHappen(e);
        }
    }

    void close() {
        try {
            xml.writeEndElement();
            xml.writeCharacters("\n");
        } catch (XMLStreamException e) {
            throw cannotHappen(e);
        }
    }

    /** An element without content. */
    void draw(String name, Object... attributes) {
        open(name, attributes);
        close();
    }

    /** An element with text in it. */
    void leaf(String name, String content, Object... attributes) {
        open(name, attributes);
        try {
            xml.writeCharacters(content);
        } catch (XMLStreamException e) {
            throw cannotHappen(e);
        }
        close();
    }

    /** Ends the document and returns it. */
    String finish() {
        try {
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw cannotHappen(e);
        }
        return text + "\n";
    }

    private static String attribute(Object value) {
        return value instanceof Double number
                ? String.format(Locale.ROOT, "%.1f", number).replaceFirst("\\.0$", "")
                : value.toString();
    }

    private static IllegalStateException cannotHappen(XMLStreamException e) {
        return new IllegalStateException("SVG: writing to memory failed", e);
    }
}
