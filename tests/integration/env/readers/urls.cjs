// Takes URLs apart by the WHATWG's rules: one a line on standard input, a line of JSON for each.
'use strict';

const { readFileSync } = require('node:fs');

const parts = (line) => {
  if (!URL.canParse(line)) return 'refused';
  const url = new URL(line);
  // Not decoded: what it had to encode is a difference, too.
  const { username: user, password, hostname: host, port } = url;
  return { user, password, host, port, path: url.pathname };
};

for (const line of readFileSync(0, 'utf8').trimEnd().split('\n')) {
  console.log(JSON.stringify(parts(line)));
}
