#!/usr/bin/env node
"use strict";
// Runs the program of the package for this system. npm installs only the package whose `os` and `cpu` fit.

const { spawn } = require("node:child_process");
const { constants } = require("node:os");

const name = `@envward/${process.platform}-${process.arch}`;

function fail(text, hint) {
  process.stderr.write(`error: ${text}\n  hint: ${hint}\n`);
  process.exit(2);
}

function find() {
  try {
    return require.resolve(`${name}/bin/envward`);
  } catch {
    const { optionalDependencies } = require("../package.json");
    if (!(name in optionalDependencies)) {
      fail(`envward has no npm package for ${process.platform}-${process.arch}`, "build it from source: docs/install.md");
    }
    fail(`the package ${name} is missing`, "install again, with optional dependencies: npm install --include=optional");
  }
}

const child = spawn(find(), process.argv.slice(2), { stdio: "inherit" });
child.on("error", (error) => fail(`cannot start envward: ${error.message}`, `install ${name} again`));

// A signal to this process is for the program, whose end then is the end of this process, too.
const signals = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"];
const pass = (signal) => child.kill(signal);
signals.forEach((signal) => process.on(signal, pass));
child.on("exit", (status, signal) => {
  signals.forEach((one) => process.removeListener(one, pass));
  if (signal === null) {
    process.exit(status);
  }
  process.kill(process.pid, signal);
  // Where Node ignores the signal: the status that a shell shows for it.
  process.exitCode = 128 + constants.signals[signal];
});
