// Reads env files as somebody else does: `node read.cjs READER FILE...`. Prints a line of JSON for each file.
// NODE_PATH says where the packages are.
'use strict';

const { readFileSync } = require('node:fs');
const { spawnSync } = require('node:child_process');

const dotenv = (path) => require('dotenv').parse(readFileSync(path));

const readers = {
  'node-env-file': (path) => {
    const print = 'process.stdout.write(JSON.stringify(process.env))';
    const result = spawnSync(process.execPath, [`--env-file=${path}`, '--eval', print], { env: {} });
    return result.status === 0 ? JSON.parse(result.stdout) : 'refused';
  },
  // The same reader, without a process for each file.
  'node-parse-env': (path) => require('node:util').parseEnv(readFileSync(path, 'utf8')),
  'npm-dotenv': dotenv,
  'npm-dotenv-expand': (path) => require('dotenv-expand').expand({ parsed: dotenv(path), processEnv: {} }).parsed,
};

const [name, ...paths] = process.argv.slice(2);
for (const path of paths) {
  console.log(JSON.stringify(readers[name](path)));
}
