import { startNotebook } from "./start-notebook";

export interface ProjectOptions {
  /** The folder's name, of which the package's is made. */
  name: string;
  /** What npm installs as gradamp, and as its tfjs-node-gpu. */
  gradamp: string;
  tfjsNode: string;
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** danfojs-node asks for @tensorflow/tfjs-node 3; it gets the one tfjs of the process. */
const shim = `// danfojs-node asks for @tensorflow/tfjs-node; it gets gradamp's TensorFlow, so that one engine serves the process.
const { dirname, join } = require("node:path");

const gradamp = dirname(require.resolve("gradamp/package.json"));
module.exports = require(join(gradamp, "dist", "src", "tensorflow", "tf.js")).tf;
`;

/** The files of a new project, by path. */
export function projectFiles({ name, gradamp, tfjsNode }: ProjectOptions): Record<string, string> {
  const packageName =
    name
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, "-")
      .replace(/^[._-]+/, "") || "gradamp-project";
  return {
    "package.json": json({
      name: packageName,
      version: "0.1.0",
      private: true,
      scripts: {
        postinstall: "gradamp setup --or-javascript",
        lab: "gradamp lab",
        doctor: "gradamp doctor",
      },
      dependencies: {
        "@tensorflow/tfjs-node": "file:vendor/tfjs-node",
        "@tensorflow/tfjs-node-gpu": tfjsNode,
        gradamp,
      },
      // npm takes no overrides from a dependency: danfojs-node would fetch xlsx from elsewhere, arquero a broken flechette.
      overrides: {
        xlsx: "npm:@e965/xlsx@^0.20.3",
        "@uwdata/flechette": "2.6.0",
      },
      // From npm 11 on: neither script is needed, zeromq's addon comes built.
      allowScripts: { "core-js": false, zeromq: false },
    }),
    "tsconfig.json": json({
      compilerOptions: {
        target: "es2022",
        module: "nodenext",
        strict: true,
        skipLibCheck: true,
        noEmit: true,
        types: ["node"],
      },
      include: ["**/*.ts"],
    }),
    "start.ipynb": json(startNotebook()),
    ".gitignore": ["node_modules/", "runs/", ".gradamp/", ".ipynb_checkpoints/", ""].join("\n"),
    "vendor/tfjs-node/index.cjs": shim,
    "vendor/tfjs-node/package.json": json({
      name: "@tensorflow/tfjs-node",
      version: "3.99.0",
      private: true,
      description: "Hands gradamp's TensorFlow to packages that ask for @tensorflow/tfjs-node",
      main: "index.cjs",
    }),
  };
}
