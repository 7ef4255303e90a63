#!/usr/bin/env node
'use strict';
const { run, keep } = require('./load-cli.js').loadCli();
run().then((code) => {
  process.exitCode = code;
  // What is waited for most often; other commands need other files, too.
  if (['scan', 'hook'].includes(process.argv[2])) keep();
  // Everything is done and written: the system takes a large heap back faster than Node gives it up.
  const { stdout, stderr } = process;
  if (stdout.writableLength === 0 && stderr.writableLength === 0) process.exit();
});
