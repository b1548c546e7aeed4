// danfojs-node asks for @tensorflow/tfjs-node; it gets the one tfjs of the process, native or JavaScript, however loaded.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const door = join(__dirname, "..", "..", "dist", "src", "tensorflow", "tf.js");
if (!existsSync(door)) throw new Error("gradamp is not built: run `npm run build` in its folder");
module.exports = require(door).tf;
