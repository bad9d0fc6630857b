package dev.hence.simulator.diagram;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

final class SpaceTimeSvgTest {
    @ParameterizedTest
    @EnumSource(HandmadeTraces.class)
    void draw_handmadeTrace_hasEachLabelNameAndTheViolation(HandmadeTraces trace) throws Exception {
        Story story = trace.story();

        String said = texts(parsed(new SpaceTimeSvg().draw(story))).stream().collect(Collectors.joining(" "));

        assertThat(said).contains(story.nodes()).contains(trace.violation());
        assertThat(story.scenes()).allSatisfy(scene -> assertThat(said).contains(scene.label()));
    }

    @ParameterizedTest
    @EnumSource(HandmadeTraces.class)
    void draw_handmadeTrace_hasOneArrowForEachMessageAndNothingFromOutside(HandmadeTraces trace) throws Exception {
        Story story = trace.story();
        String svg = new SpaceTimeSvg().draw(story);

        long messages =
                story.scenes().stream().filter(Scene.Message.class::isInstance).count();
        assertThat(elements(parsed(svg), "path"))
                .filteredOn(path -> path.getAttribute("class").startsWith("arrow"))
                .hasSize((int) messages);
        assertThat(svg.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http", "href", "@import");
    }

    @Test
    void draw_processThatWasDown_leavesAGapInItsLane() throws Exception {
        Document svg = parsed(new SpaceTimeSvg().draw(HandmadeTraces.REUSED_DOT.story()));

        List<Element> lanes = elements(svg, "line").stream()
                .filter(line -> line.getAttribute("class").equals("lane"))
                .toList();
        assertThat(lanes).hasSize(4);
        assertThat(number(lanes.get(0), "y2")).isLessThan(number(lanes.get(1), "y1"));
        assertThat(lanes.get(0).getAttribute("x1")).isEqualTo(lanes.get(1).getAttribute("x1"));
    }

    @Test
    void draw_labels_keepApartFromEachOther() throws Exception {
        Document svg = parsed(new SpaceTimeSvg().draw(HandmadeTraces.CUT_SESSION.story()));

        List<Double> baselines = elements(svg, "text").stream()
                .filter(text -> text.getAttribute("class").equals("label"))
                .map(text -> number(text, "y"))
                .sorted()
                .toList();
        for (int i = 1; i < baselines.size(); i++) {
            assertThat(baselines.get(i) - baselines.get(i - 1)).isGreaterThanOrEqualTo(14);
        }
    }

    @Test
    void draw_everything_liesWithinThePage() throws Exception {
        Document svg = parsed(new SpaceTimeSvg().draw(HandmadeTraces.sevenNodes("promise: " + "long ".repeat(100))));

        double height = number(svg.getDocumentElement(), "height");
        assertThat(elements(svg, "text"))
                .allSatisfy(text -> assertThat(number(text, "y")).isLessThan(height));
    }

    static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<String> texts(Document svg) {
        return elements(svg, "text").stream().map(Element::getTextContent).toList();
    }

    private static List<Element> elements(Document svg, String name) {
        NodeList found = svg.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
