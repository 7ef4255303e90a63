#!/usr/bin/env node
'use strict';
const { run, keep } = require('./load-cli.js').loadCli();
run().then((code) => {
  process.exitCode = code;
  // A scan has compiled what scans need.
  if (process.argv[2] === 'scan') keep();
});
