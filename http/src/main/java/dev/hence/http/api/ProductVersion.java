package dev.hence.http.api;

/** The version of the product, as the jar names it. */
public final class ProductVersion {

    private ProductVersion() {}

    /** The version; {@code development} when the classes do not come from a jar. */
    public static String text() {
        String version = ProductVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
