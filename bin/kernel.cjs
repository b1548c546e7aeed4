#!/usr/bin/env node
// The Jupyter kernel, as its kernelspec starts it: with the path of a connection file.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const main = join(__dirname, "..", "dist", "src", "kernel", "main.js");
if (existsSync(main)) {
  require(main)
    .main(process.argv[2])
    .catch((error) => {
      console.error(`gradamp: the kernel does not start: ${error.message}`);
      process.exit(1);
    });
} else {
  console.error(`gradamp is not built: ${main} is missing\nRemedy: run \`npm run build\` in ${join(__dirname, "..")}`);
  process.exitCode = 1;
}
