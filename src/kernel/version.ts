import about from "../../package.json" with { type: "json" };

/** This program's version, as in package.json (built in by the bundler). */
export const VERSION: string = about.version;
