// danfojs-node asks for @tensorflow/tfjs-node; it gets the one tfjs of the process, native or JavaScript, however loaded.
const { existsSync, realpathSync } = require("node:fs");
const { join } = require("node:path");

// The real path: npm links this folder into node_modules.
const door = join(realpathSync(__dirname), "..", "..", "dist", "src", "tensorflow", "tf.js");
if (!existsSync(door)) throw new Error("gradamp is not built: run `npm run build` in its folder");
module.exports = require(door).tf;
