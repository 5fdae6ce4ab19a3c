// The architecture, as a table: each folder of src/ and the folders it may import.
// What is not listed is forbidden. Read it top to bottom: inner rings first.
const WORLD = ["kernel", "model", "platform"];
const FEATURES = ["pki", "trust", "naming", "discovery", "apps", "engines", "access", "portal"];

/** @type {Record<string, string[]>} */
export const MAY_IMPORT = {
  kernel: [], // our vocabulary: errors, log, clock, lifecycle, check
  model: ["kernel"], // what should be true: pure, no I/O
  config: ["kernel", "model", "platform"], // what the person asked for
  platform: ["kernel"], // the only hands that touch the operating system
  ...Object.fromEntries(FEATURES.map((feature) => [feature, WORLD])), // strangers to each other
  doctor: ["kernel"], // runs checks it has never heard of
  daemon: [...WORLD, ...FEATURES, "config", "doctor"], // the wiring
  cli: [...WORLD, ...FEATURES, "config", "doctor", "daemon"], // the outermost ring
};

const rings = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `${folder}-may-import`,
  severity: "error",
  comment: `src/${folder} may import: ${allowed.join(", ") || "nothing of ours"}. Need more? Declare a small interface in ${folder}/needs.ts and let daemon/compose.ts hand it in.`,
  from: { path: `^src/${folder}/` },
  to: { path: `^src/(?!(${[folder, ...allowed].join("|")})/)` },
}));

/** @param {string} name @param {string} comment @param {{ from: object, to: object }} reach */
const rule = (name, comment, reach) => ({ name, severity: "error", comment, ...reach });
const TEST = "[.]test[.]tsx?$";

export default {
  forbidden: [
    ...rings,
    rule("no-cycles", "Two files in a cycle are one file.", { from: {}, to: { circular: true } }),
    rule("kernel-has-no-packages", "kernel runs on Node alone.", {
      from: { path: "^src/kernel/", pathNot: TEST },
      to: { dependencyTypes: ["npm", "npm-dev", "npm-no-pkg"] },
    }),
    rule("model-has-no-io", "model decides; it never touches the world.", {
      from: { path: "^src/model/", pathNot: TEST },
      to: { dependencyTypes: ["core"] },
    }),
    rule("engines-are-strangers", "Two engines share engine.ts and nothing else.", {
      from: { path: "^src/engines/([^/]+)/" },
      to: { path: "^src/engines/([^/]+)/", pathNot: "^src/engines/$1/" },
    }),
    rule(
      "programs-start-in-platform",
      "One place starts programs: one place is logged, timed out and faked.",
      {
        from: { path: "^src/(?!platform/)", pathNot: TEST },
        to: { path: "^(node:)?child_process$" },
      },
    ),
    rule("no-test-code-in-product", "Product code never imports tests or their support.", {
      from: { path: "^src/", pathNot: TEST },
      to: { path: `(^test/|${TEST})` },
    }),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".tsx", ".js"] },
  },
};
